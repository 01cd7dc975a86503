"""What waits for a second person, as each persona's list has it, and as nobody's elsewhere."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.database import WriteUnit
from schema.waiting import WaitingKind
from tests.harness.callers import Town

LIST = """query($n: Int!, $after: String) { approvals { waiting(first: $n, after: $after) {
  edges { node { kind id what since due askedBy party { name } } } pageInfo { hasNextPage endCursor } } } }"""
ACTORS = (
    "approver-1",
    "approver-2",
    "officer-1",
    "agency-1",
    "agency-2",
    "industry-1",
    "industry-2",
    "supervisor-1",
    "supervisor-3",
)
Do = Callable[[WriteUnit, datetime], Awaitable[object]]


@dataclass
class Desk:
    """The town, who is who in it, and what each of them reads."""

    town: Town
    staff: dict[str, str]
    party: dict[str, str]
    strangers: list[str]

    async def write(self, do: Do) -> Any:
        """In a commit of its own, now."""
        async with self.town.house.database.writing() as unit:
            return await do(unit, datetime.now(UTC))

    async def read(self, persona: str) -> list[dict[str, Any]]:
        """A persona's list."""
        found = await self.town.data(persona, LIST, {"n": 100})
        return [edge["node"] for edge in found["approvals"]["waiting"]["edges"]]

    async def sees(self, kind: WaitingKind, id: str) -> set[str]:
        """In whose list this stands."""
        listed = {one: await self.read(one) for one in ACTORS}
        for token in self.strangers:
            assert id not in await _strangers(self.town, token), "another institution's"
        return {
            one for one, nodes in listed.items() if (kind.value, id) in {(node["kind"], node["id"]) for node in nodes}
        }


async def _strangers(town: Town, token: str) -> set[str]:
    answer = await town.ask(None, LIST, {"n": 100}, headers={"Authorization": f"Bearer {token}"})
    if answer.status == 403:
        return set()
    return {edge["node"]["id"] for edge in answer["data"]["approvals"]["waiting"]["edges"]}
