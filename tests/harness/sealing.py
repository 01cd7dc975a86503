"""A log that is sealed when a test says so, kept checkpoints, and what anybody can read of it."""

from datetime import UTC, datetime
from typing import Any

from api.house import House
from audit import tree
from audit.notes import Checkpoint, VerifierKey
from audit.sealing import Sealer, verifier_keys
from audit.tiles import Tile
from audit.verifying import Checked, check_receipt, check_together
from tests.harness.callers import Town

_HISTORY = """query($a: String) { me { accessHistory(includeOwn: true, first: 100, after: $a) { edges { node {
  id receipt { position data salt link linkSalt proof } } } pageInfo { hasNextPage endCursor } } } }"""


def sealer_of(house: House) -> Sealer:
    """The sealer that the house's duties have."""
    return Sealer(house.database, house.rings, house.settings.log_origin)


async def seal(house: House) -> None:
    """Seal all there is."""
    sealer = sealer_of(house)
    while await sealer.run_once(datetime.now(UTC)) == 0.0:
        pass


def keys_of(house: House) -> list[VerifierKey]:
    """What checks its log."""
    return verifier_keys(house.rings, house.settings.log_origin)


async def history(town: Town, persona: str) -> list[dict[str, Any]]:
    """Every page of somebody's trail, own looks too: ids and receipts."""
    nodes: list[dict[str, Any]] = []
    page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        found = (await town.data(persona, _HISTORY, {"a": page["endCursor"]}))["me"]["accessHistory"]
        nodes += [dict(edge["node"]) for edge in found["edges"]]
        page = found["pageInfo"]
    return nodes


async def proved(town: Town, persona: str) -> list[Checked]:
    """Seal all there is, and check the trail as its subject would: every look in the tree, and no gap."""
    await seal(town.house)
    receipts = [node["receipt"] for node in await history(town, persona)]
    # Those without one are looks at the trail itself, a page before this.
    found = [check_receipt(receipt, keys_of(town.house)) for receipt in receipts if receipt]
    assert check_together(found) == []
    return found


async def checkpoint(house: House) -> tuple[str, Checkpoint]:
    """The last one, as a note and opened."""
    async with house.database.reading() as unit:
        head = await tree.head(unit)
    assert head is not None
    return head.note, Checkpoint.opened(head.note, keys_of(house))


class Mirror:
    """The log as it is served, read over HTTP once and kept."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.tiles: dict[Tile, bytes] = {}

    async def note(self) -> str:
        """Its checkpoint now."""
        answer = await self._town.http.get("/log/checkpoint")
        assert answer.status_code == 200
        return answer.text

    async def fetch(self, size: int) -> None:
        """Every tile of a tree of this size."""
        for level in range(8):
            count = size >> 8 * level
            for number in range(-(-count // 256)):
                tile = Tile(level, number, min(256, count - number * 256))
                answer = await self._town.http.get(f"/log/tile/{tile.path}")
                assert answer.status_code == 200, tile
                self.tiles[tile] = answer.content

    def read(self, tile: Tile) -> bytes:
        """A tile that was fetched."""
        return self.tiles[tile]
