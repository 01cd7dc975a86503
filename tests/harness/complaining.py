"""What two officials and whoever complains do about a complaint, for tests of it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from core.moments import day_of
from oversight.supervision.tables import complaint
from tests.harness.asking import identity
from tests.harness.callers import Answered, Town

COMPLAINT = """complaint { id number state byMe matter words operator looks outcome finding confirmedAt endedAt }
  replayed"""
FILE = """query($i: ID!) { complaintFile(query: {complaintId: $i}) { lookId number matter subject { name }
  record { id title documentNumber objections { filedAt } items { code value } }
  case { number status text institution { name } steps { act } }
  looks { edges { node { at institution operator basis purpose caseNumber refused fields } } } } }"""
TRAIL = """{ me { accessHistory(first: 10, bases: [SUPERVISION_COMPLAINT]) { edges { node { id summary caseNumber } } }
  notices(first: 10) { edges { node { kind message } } } } }"""
LISTED = """query($o: Boolean!) { oversight { complaints(open: $o) { edges { node { id state words outcome finding
  byMe operator } } } } }"""
WORDS = "处罚已经缴清，仍在公示"


async def own_record(town: Town, persona: str = "citizen-4") -> Any:
    """One of the persona's records, with its number."""
    found = await town.data(
        persona, "{ me { records(first: 20) { edges { node { id documentNumber title objections { filedAt } } } } } }"
    )
    return next(e["node"] for e in found["me"]["records"]["edges"] if e["node"]["documentNumber"])


async def register(
    town: Town, *, by: str = "supervisor-1", about: str = "citizen-4", key: str = "k", **changed: Any
) -> Any:
    """A complaint of a persona's about their record, taken in; the payload or refusal."""
    asked = {
        "subject": await identity(town, about),
        "matter": "RECORD",
        "named": (await own_record(town))["documentNumber"],
        "words": WORDS,
        "receivedOn": day_of(datetime.now(UTC)).isoformat(),
        "idempotencyKey": key,
        **changed,
    }
    given = {name: value for name, value in asked.items() if value is not ...}
    return await town.act(by, "complaintRegister", given, COMPLAINT)


async def confirm(town: Town, complaint_id: str, *, by: str = "supervisor-3", about: str = "citizen-4") -> Any:
    """The colleague's word; the payload or refusal."""
    given = {"complaintId": complaint_id, "subject": await identity(town, about)}
    return await town.act(by, "complaintConfirm", given, COMPLAINT)


async def opened(town: Town, **given: Any) -> str:
    """One taken in by two; its id."""
    made = await register(town, **given)
    about = given.get("about", "citizen-4")
    assert (await confirm(town, made["complaint"]["id"], about=about))["complaint"]["state"] == "OPEN"
    return str(made["complaint"]["id"])


async def close(town: Town, complaint_id: str, outcome: str, by: str = "supervisor-1", said: str = "已核实") -> Any:
    """One ended; the payload or refusal."""
    given = {"complaintId": complaint_id, "outcome": outcome, "finding": said}
    return await town.act(by, "complaintClose", given, COMPLAINT)


async def read(town: Town, complaint_id: str, by: str = "supervisor-1") -> Answered:
    """What it is about, as whoever took it in reads it."""
    return await town.ask(by, FILE, {"i": complaint_id})


async def told(town: Town, persona: str = "citizen-4") -> tuple[list[str], list[str]]:
    """What the subject reads in the trail, and what they were told."""
    me = (await town.data(persona, TRAIL))["me"]
    lines = [edge["node"]["summary"] for edge in me["accessHistory"]["edges"]]
    notices = [edge["node"] for edge in me["notices"]["edges"] if edge["node"]["kind"].startswith("COMPLAINT_")]
    return lines, [f"{one['kind']} {one['message']}" for one in notices]


async def put(town: Town, **values: Any) -> None:
    """Let the stored complaints say something else."""
    async with town.house.database.writing() as unit:
        await unit.run(complaint.update().values(**values))


async def supervise(town: Town, code: str | None) -> None:
    """The city's department supervises this district, or all again."""
    async with town.house.database.writing() as unit:
        name = "滨河区" if code else None
        query = text(
            "UPDATE supervised_area SET code = :c, name = :n"
            " WHERE party_id IN (SELECT id FROM party WHERE code = 'FGW')"
        )
        await unit.run(query.bindparams(c=code, n=name))
