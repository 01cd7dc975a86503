"""Cases for those who handle them, and what is read of them on both sides."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from audit.lens import Audience, BasisKind, Lens
from core.uploads import Owner
from objections import deciding, filing
from objections.applicants import Applicant
from objections.kinds import ObjectionGround, ObjectionRequest, ObjectionTarget
from objections.rules import Said
from objections.tables import objection
from tests.harness.callers import Answered, Town

CASE = "id version number status track outcome overdue opened handler workdaysLeft dueAt"
LIST = f"""query($mine: Boolean!, $overdue: Boolean, $after: String) {{ handling {{
  cases(mine: $mine, overdue: $overdue, first: 50, after: $after) {{ edges {{ node {{ {CASE} }} }} }} }} }}"""
_FILE = f"""{{ case {{ {CASE} }} objection {{ text described phase reason }} subject {{ name identity {{ masked }} }}
  record {{ id version title status withdrawal items {{ code value }} objections {{ filedAt }} }}
  versions {{ saidSince replacedAt record {{ version title items {{ code value }} objections {{ filedAt }} }} }} }}"""
FILE = f"query($id: ID!) {{ handling {{ case(id: $id) {_FILE} }} }}"
REFUSAL = f"query($id: ID!) {{ approvals {{ refusal(id: $id) {_FILE} }} }}"
REFUSALS = f"{{ approvals {{ refusals {{ edges {{ node {{ {CASE} }} }} }} }} }}"
_ADVERSE = """SELECT r.id, r.subject_id FROM record r JOIN identity_link l ON l.subject_id = r.subject_id
  WHERE l.name = :n AND r.nature = 'ADVERSE' ORDER BY r.id"""


async def filed(
    town: Town,
    persona: str = "citizen-9",
    *,
    ago: timedelta = timedelta(),
    at: datetime | None = None,
    **changed: Any,
) -> str:
    """A case of a persona, about their adverse record unless something else is said; its id."""
    said, by = await _said(town, persona, **changed)
    async with town.house.database.writing() as unit:
        lens = Lens(Audience.SUBJECT, BasisKind.SELF, by.person_id or "")
        return (await filing.file(unit, lens, said, by, at=at or datetime.now(UTC) - ago)).id


async def _said(town: Town, persona: str, **changed: Any) -> tuple[Said, Applicant]:
    async with town.house.database.reading() as unit:
        link = await unit.first(text("SELECT subject_id FROM identity_link WHERE name = :n"), {"n": persona})
        adverse = await unit.first(text(_ADVERSE), {"n": persona})
    assert link is not None
    said = {
        "target": ObjectionTarget.RECORD,
        "ground": ObjectionGround.ERROR,
        "request": ObjectionRequest.CORRECT,
        "text": "处罚金额有误",
        **changed,
    }
    if said["target"] is ObjectionTarget.RECORD and "target_id" not in said:
        assert adverse is not None
        said["target_id"] = adverse.id
    received, subject_id = said.pop("received_by", None), str(link.subject_id)
    return Said(**said), Applicant("SELF", "APP", Owner(subject_id=subject_id), subject_id, received)


async def inbox(town: Town, by: str = "handler-1", **wanted: Any) -> list[dict[str, Any]]:
    """What a handler's list says."""
    found = await town.data(by, LIST, {"mine": False, **wanted})
    return [edge["node"] for edge in found["handling"]["cases"]["edges"]]


async def case(town: Town, case_id: str, by: str = "handler-1") -> dict[str, Any]:
    """One line of it."""
    return next(one for one in await inbox(town, by) if one["id"] == case_id)


async def file(town: Town, case_id: str, by: str = "handler-1") -> Answered:
    """The file of a case, or why it is not shown."""
    return await town.ask(by, FILE, {"id": case_id})


async def version(town: Town, case_id: str) -> int:
    """A case's version."""
    return await town.count("SELECT version FROM objection WHERE id = :i", i=case_id)


async def row(town: Town, case_id: str) -> Any:
    """A case as it is stored."""
    async with town.house.database.reading() as unit:
        return await unit.first(objection.select().where(objection.c.id == case_id))


async def act(town: Town, by: str, name: str, case_id: str, **said: Any) -> dict[str, Any]:
    """Do something in a case as it stands now; the payload or refusal."""
    expected = said.pop("expected", None) or await version(town, case_id)
    input_ = {"objectionId": case_id, "expectedVersion": expected, **said}
    takes = "ObjectionDecision" if name in ("Approve", "Return") else f"Objection{name}"
    document = (
        f"mutation($i: {takes}Input!) {{ objection{name}(input: $i) {{ ... on Objection{name}Payload "
        f"{{ case {{ {CASE} }} replayed }} ... on Refusal {{ code details {{ path code limit }} }} }} }}"
    )
    answer = await town.ask(by, document, {"i": input_})
    if "errors" in answer:
        return {"code": answer.code}
    return dict(answer["data"][f"objection{name}"])


async def opened(town: Town, case_id: str, by: str = "handler-1", **said: Any) -> dict[str, Any]:
    """Open a case; the payload or refusal."""
    return await act(town, by, "Open", case_id, **{"noConflict": True, **said})


async def decided(town: Town, case_id: str, outcome: str, by: str = "handler-1", **said: Any) -> dict[str, Any]:
    """Decide a case; the payload or refusal."""
    return await act(town, by, "Decide", case_id, **{"outcome": outcome, "reason": "经核对原始文书。", **said})


VERIFICATION = """id version question text described overdue open answer reason dueOn evidence { id side }
  record { id title items { code value } objections { filedAt } } subject { name identity { masked } }"""
ASKED = f"""query($open: Boolean!) {{ provider {{ verifications(open: $open, first: 50) {{ edges {{
  node {{ {VERIFICATION} }} }} }} }} }}"""


async def forwarded(town: Town, case_id: str, by: str = "handler-1", **said: Any) -> dict[str, Any]:
    """Ask a case's provider; the payload or refusal."""
    return await act(town, by, "Forward", case_id, **{"question": "请核对罚款金额", **said})


async def verifications(town: Town, by: str = "provider-1", *, open_: bool = True) -> list[dict[str, Any]]:
    """What a provider is asked."""
    found = await town.data(by, ASKED, {"open": open_})
    return [edge["node"] for edge in found["provider"]["verifications"]["edges"]]


async def verified(town: Town, question: dict[str, Any], answer: str, by: str = "provider-1", **said: Any) -> Any:
    """A provider's answer; the payload or refusal."""
    input_ = {
        "verificationId": question["id"],
        "expectedVersion": said.pop("expected", question["version"]),
        "answer": answer,
        "reason": "经核对原始案卷。",
        "idempotencyKey": said.pop("key", f"{question['id']} {answer}"),
        **said,
    }
    document = (
        f"mutation($i: ObjectionVerifyInput!) {{ objectionVerify(input: $i) {{ ... on ObjectionVerifyPayload "
        f"{{ verification {{ {VERIFICATION} }} replayed }} "
        f"... on Refusal {{ code details {{ path code limit }} }} }} }}"
    )
    answered = await town.ask(by, document, {"i": input_})
    return {"code": answered.code} if "errors" in answered else dict(answered["data"]["objectionVerify"])


async def provider(town: Town, persona: str = "provider-1") -> str:
    """The provider that a persona works for."""
    async with town.house.database.reading() as unit:
        query = "SELECT s.party_id FROM staff s JOIN identity_link l ON l.staff_id = s.id WHERE l.name = :n"
        found = await unit.first(text(query), {"n": persona})
    assert found is not None
    return str(found.party_id)


async def work_for(town: Town, party_id: str, persona: str = "provider-1") -> None:
    """Let a persona work for another party from now on: the one that sent the contested record."""
    async with town.house.database.writing() as unit:
        staff_of = "SELECT staff_id FROM identity_link WHERE name = :n"
        await unit.run(text(f"UPDATE staff SET party_id = :p WHERE id = ({staff_of})"), {"p": party_id, "n": persona})
    town.forget(persona)


async def withdrawn(town: Town, case_id: str, persona: str = "citizen-9", *, expected: int | None = None) -> Any:
    """Take a case back, as its subject; the payload or refusal."""
    input_ = {"objectionId": case_id, "expectedVersion": expected or await version(town, case_id)}
    document = """mutation($i: ObjectionChangeInput!) { objectionWithdraw(input: $i) {
      ... on ObjectionWithdrawPayload { objection { status } } ... on Refusal { code } } }"""
    answer = await town.ask(persona, document, {"i": input_})
    return dict(answer["data"]["objectionWithdraw"])


async def silence(town: Town, case_id: str) -> bool:
    """The last day of a case passes, and its provider's silence is read; whether it was silent."""
    now = datetime.now(UTC)
    waits = (objection.c.id == case_id, objection.c.status == "FORWARDED")
    async with town.house.database.writing() as unit:
        await unit.run(objection.update().where(*waits).values(due_at=now))
        return await deciding.lapse(unit, case_id, at=now)


async def alone(town: Town, persona: str = "citizen-9") -> str:
    """A fresh case about a record as if nothing had been decided of it before."""
    async with town.house.database.writing() as unit:
        for row in await unit.all(objection.select().where(objection.c.ended_at.is_(None))):
            ended = {"status": "WITHDRAWN", "ended_at": row.filed_at, "outcome": None, "decided_at": None}
            await unit.run(objection.update().where(objection.c.id == row.id).values(ended))
        mine = "subject_id IN (SELECT subject_id FROM identity_link WHERE name = :n) AND nature = 'ADVERSE'"
        fresh = f"UPDATE record SET status = 'CURRENT', withdrawal = NULL, marks = '[]' WHERE {mine}"
        await unit.run(text(fresh), {"n": persona})
    return await filed(town, persona)
