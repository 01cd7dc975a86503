"""Objections in tests: filing one, and what there is to contest."""

from typing import Any

from sqlalchemy import text

from tests.harness.callers import Town

OBJECTION = """objection { id number version target targetId ground request status track addressee district institution
  capacity filedAt dueAt workdaysLeft overdue supplementBy provisionalCalendar delivery text described outcome
  dueDates { dueOn cause } messages { side text } evidence { id mediaType size sha256 side } steps { act side } }"""
_PAGE = f"""{{ me {{ objections(first: 50) {{ edges {{ node {{ {OBJECTION[len("objection {") : -1]} }} }} }} }} }}"""
# citizen-4 has an open objection to its one adverse record; citizen-2's records are uncontested.
PERSON = "citizen-2"


async def file(town: Town, persona: str = PERSON, *, key: str = "file", **changed: Any) -> dict[str, Any]:
    """Contest a record, or whatever is said instead; the payload or refusal."""
    input_: dict[str, Any] = {
        "target": "RECORD",
        "ground": "ERROR",
        "request": "CORRECT",
        "text": "这条记录有误，请核对。",
        "idempotencyKey": key,
        **changed,
    }
    if input_["target"] == "RECORD" and "targetId" not in input_:
        input_["targetId"] = await record_of(town, persona)
    sent = {name: value for name, value in input_.items() if value is not None}
    return await town.act(persona, "objectionFile", sent, f"{OBJECTION} joined replayed")


async def mine(town: Town, persona: str = PERSON) -> list[dict[str, Any]]:
    """One's own objections, newest first."""
    found = await town.data(persona, _PAGE)
    return [edge["node"] for edge in found["me"]["objections"]["edges"]]


async def subject_of(town: Town, persona: str) -> str:
    """A persona's subject: the person, or the company that they represent."""
    return str((await town.data(persona, "{ me { id } }"))["me"]["id"])


async def record_of(town: Town, persona: str = PERSON) -> str:
    """A current record of a persona's subject: the newest."""
    found = await town.data(persona, "{ me { records(first: 1) { edges { node { id } } } } }")
    return str(found["me"]["records"]["edges"][0]["node"]["id"])


async def marks_of(town: Town, record_id: str) -> list[str]:
    """The marks on a record's own row."""
    from credit.tables import record

    async with town.house.database.reading() as unit:
        row = await unit.first(record.select().where(record.c.id == record_id))
    assert row is not None
    return list(row.marks)


async def upload(town: Town, persona: str, content: bytes = b"%PDF-1.7 evidence") -> str:
    """One's own file, waiting to be named; its id."""
    headers = {"Authorization": f"Bearer {await town.token(persona)}"}
    answer = await town.http.post("/uploads", content=content, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def institution(town: Town) -> str:
    """The city's credit institution."""
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT id FROM party WHERE institution AND district IS NULL"))
    assert row is not None
    return str(row[0])
