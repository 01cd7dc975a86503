"""A recipient asks, a subject answers: requests over the API, and what tests need to know of people."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from core.moments import rfc3339
from tests.harness.callers import Town

GRANT = "grant { id version status usesLeft validUntil lapsesAt requestUrl endedBy endedAt } replayed"
_NOTICE = """query($i: ID!) { me { grant(id: $i) { version recipient { id } handledBy { id } purpose categories
  retentionDays notice { hash } } } }"""


async def identity(town: Town, persona: str) -> dict[str, str]:
    """The number and name that a persona would write down."""
    async with town.house.database.reading() as unit:
        row = await unit.first(
            text(
                "SELECT s.id, s.identity_type, s.identity_sealed, s.name_sealed FROM subject s"
                " JOIN identity_link l ON l.subject_id = s.id WHERE l.name = :n"
            ),
            {"n": persona},
        )
        assert row is not None
        number = unit.vault.open("subject.identity_sealed", row.id, row.identity_sealed)
        name = unit.vault.open("subject.name_sealed", row.id, row.name_sealed)
    return {"type": row.identity_type, "number": number, "name": name}


async def company(town: Town) -> dict[str, str]:
    """The number and name of the company with two marks."""
    async with town.house.database.reading() as unit:
        row = await unit.first(
            text(
                "SELECT s.id, s.identity_sealed, s.name_sealed FROM subject s"
                " JOIN party p ON p.subject_id = s.id WHERE p.code = 'COMPANY1'"
            )
        )
        assert row is not None
        number = unit.vault.open("subject.identity_sealed", row.id, row.identity_sealed)
        name = unit.vault.open("subject.name_sealed", row.id, row.name_sealed)
    return {"type": "USCC", "number": number, "name": name}


async def ask(
    town: Town, request_id: str, *, by: str = "bank-1", select: str = GRANT, **changed: Any
) -> dict[str, Any]:
    """Request a grant; its payload or refusal."""
    input_: dict[str, Any] = {
        "requestId": request_id,
        "purpose": "FINANCING",
        "stages": ["PRE_LOAN"],
        "categories": ["ADMINISTRATIVE"],
        "validUntil": rfc3339(datetime.now(UTC) + timedelta(days=30)),
        "reason": "贷款申请审查",
        **changed,
    }
    return await town.act(by, "grantRequest", {k: v for k, v in input_.items() if v is not None}, select)


async def asked(town: Town, persona: str, request_id: str, **changed: Any) -> str:
    """A request to a persona; its id."""
    made = await ask(town, request_id, subject={"identity": await identity(town, persona)}, **changed)
    return str(made["grant"]["id"])


async def read(town: Town, persona: str, grant_id: str) -> dict[str, Any]:
    """What the subject reads of a grant."""
    found = await town.data(persona, _NOTICE, {"i": grant_id})
    return dict(found["me"]["grant"])


async def approve(town: Town, persona: str, grant_id: str, *, select: str = GRANT, **changed: Any) -> dict[str, Any]:
    """Approve as the grant is read now, after its notice; the payload or refusal."""
    seen = await read(town, persona, grant_id)
    terms = changed.get("terms") or {}
    about = {
        "recipientId": seen["recipient"]["id"],
        "purpose": seen["purpose"],
        "categories": terms.get("categories", seen["categories"]),
        "retentionDays": terms.get("retentionDays", seen["retentionDays"]),
    }
    if seen["handledBy"]:
        about["handledById"] = seen["handledBy"]["id"]
    input_ = {
        "grantId": grant_id,
        "expectedVersion": seen["version"],
        "noticeHash": await town.notice("GRANT", **about),
        **changed,
    }
    return await town.act(persona, "grantApprove", input_, select)


async def desk(town: Town, grant_id: str, *, by: str = "bank-1") -> dict[str, Any]:
    """What a party reads of one grant on its desk; nothing of one that does not stand there."""
    document = """{ recipient { grants(first: 100) { edges { node { id version status endedBy endedAt lapsesAt
      validFrom validUntil categories approvals { capacity } } } } } }"""
    found = await town.data(by, document)
    nodes = [edge["node"] for edge in found["recipient"]["grants"]["edges"]]
    return next((node for node in nodes if node["id"] == grant_id), {})


async def shift(town: Town, column: str, grant_id: str, days: float) -> None:
    """Move an instant of a grant, as if time had passed."""
    moved = datetime.now(UTC) + timedelta(days=days)
    async with town.house.database.writing() as unit:
        from grants.tables import grant

        await unit.run(grant.update().where(grant.c.id == grant_id).values({column: moved}))


async def merchant(town: Town) -> str:
    """A party whom nobody can authorise."""
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT id FROM party WHERE code = 'PARTNER1'"))
    assert row is not None
    return str(row.id)
