"""A loan that is monitored, and a provider's files about its borrower."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from intake import layouts
from notices import deliveries
from tests.harness.asking import identity
from tests.harness.callers import Town
from tests.harness.provider_files import load, penalty, write

BANK = "海津示例银行"
_EVENTS = "{ recipient { events { edges { node { id kind at about category lookId lookedAt } } } } }"


async def notices(town: Town, **about: Any) -> dict[str, str]:
    """The hashes of both notices before a monitored loan."""
    asked = {"recipientId": await town.party(BANK), "purpose": "FINANCING", "categories": ["ADMINISTRATIVE"], **about}
    return {
        "noticeHash": await town.notice("GRANT", **asked),
        "monitoringNoticeHash": await town.notice("MONITORING", **asked),
    }


async def monitored(town: Town, persona: str = "citizen-2", key: str = "monitored", **terms: Any) -> str:
    """A monitored loan of a persona's; the grant's id."""
    categories = terms.get("categories", ["ADMINISTRATIVE"])
    given = {"stages": ["POST_LOAN"], "monitoring": True, **await notices(town, categories=categories), **terms}
    made = await town.grant(persona, key=key, **given)
    return str(made["grant"]["id"])


async def report(town: Town, folder: Path, persona: str = "citizen-2", number: str = "监1号", **changed: str) -> None:
    """A provider sends one penalty about a persona: new, or a correction of the one of that number."""
    who = await identity(town, persona)
    named = {layouts.NAME: who["name"], layouts.IDENTITY_NUMBER: who["number"]}
    path = write(folder / "monitored.csv", layouts.PENALTY, [penalty(number, **named, **changed)])
    result = await load(town.house, path, now=lambda: datetime.now(UTC))
    assert (result.added + result.changed, result.rejected) == (1, 0)


async def record_of(town: Town, number: str = "监1号") -> str:
    """The record of a document number."""
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT id FROM record WHERE document_number = :n"), {"n": number})
    assert row is not None
    return str(row.id)


async def end(town: Town, grant_id: str, persona: str = "citizen-2") -> dict[str, Any]:
    """The subject ends monitoring alone."""
    selection = "grant { id status monitoring } replayed"
    return await town.act(persona, "grantMonitoringEnd", {"grantId": grant_id}, selection)


async def told(town: Town, grant_id: str) -> int:
    """How many events about a grant's records may still be told."""
    return await town.count(
        "SELECT count(*) FROM outbox WHERE about = :g AND kind = 'RECORDS_CHANGED' AND withdrawn_at IS NULL", g=grant_id
    )


async def events(town: Town, kind: str, persona: str = "bank-1") -> list[dict[str, Any]]:
    """What a party's feed says of records, once the relay has numbered it."""
    async with town.house.database.writing() as unit:
        while await deliveries.fan_out(unit, at=datetime.now(UTC)):
            pass
    found = (await town.data(persona, _EVENTS))["recipient"]["events"]["edges"]
    return [edge["node"] for edge in found if edge["node"]["kind"] == kind]
