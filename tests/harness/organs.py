"""A state organ's officers at work: mandates, looks, and what a subject reads of them."""

from datetime import UTC, datetime
from typing import Any

from api.demo import story
from core.moments import day_of
from tests.harness.callers import Answered, Town
from tests.harness.city import SEED

MANDATES = "{ agencyWork { mandates { id version state purpose instrument article categories validUntil } } }"
LOOK = """query($q: AgencyQueryInput!, $f: RecordFilter, $after: String) { agency(query: $q) { lookId caseNumber
  subject { name kind identity { masked } } records(filter: $f, first: 2, after: $after) { pageInfo { endCursor }
  edges { node { id category title publicity source { name } items { code value masked }
  objections { filedAt } } } } } }"""
TRAIL = """{ me { accessHistory(includeOwn: true, first: 100) { edges { node {
  id basis purpose summary caseNumber recordCount actor { name operator } grant { id } } } } } }"""
NOBODY = {"type": "RESIDENT_ID", "number": "129901197001010011", "name": "某某某"}


async def mandate(town: Town, purpose: str = "LICENSING", *, by: str = "agency-1") -> str:
    """The organ's own mandate for a purpose."""
    found = await town.data(by, MANDATES)
    return next(str(one["id"]) for one in found["agencyWork"]["mandates"] if one["purpose"] == purpose)


def identity(persona: str) -> dict[str, str]:
    """A citizen's own number and name."""
    someone = story.citizen(story.CITIZENS[persona][0], SEED, day_of(datetime.now(UTC)))
    return {"type": "RESIDENT_ID", "number": someone.number, "name": someone.name}


async def query(town: Town, persona: str, **changed: Any) -> dict[str, Any]:
    """The variables of a look at a citizen."""
    asked = {"caseNumber": "海政许〔2026〕17号", "purpose": "LICENSING", **changed}
    asked.setdefault("mandateId", await mandate(town))
    asked.setdefault("subject", identity(persona))
    return {"q": asked}


async def look(town: Town, persona: str, *, by: str = "agency-1", **changed: Any) -> Answered:
    """A look at a citizen, as an officer."""
    return await town.ask(by, LOOK, await query(town, persona, **changed))


async def trail(town: Town, persona: str) -> list[dict[str, Any]]:
    """Who looked at a citizen, as the citizen reads it, own looks too."""
    found = await town.data(persona, TRAIL)
    return [edge["node"] for edge in found["me"]["accessHistory"]["edges"]]
