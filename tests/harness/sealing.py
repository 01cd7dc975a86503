"""A log that is sealed when a test says so, kept checkpoints, and what anybody can read of it."""

from datetime import UTC, datetime

from api.app import House
from audit import tree
from audit.notes import Checkpoint, VerifierKey
from audit.sealing import Sealer, verifier_keys
from audit.tiles import Tile
from tests.harness.callers import Town


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
