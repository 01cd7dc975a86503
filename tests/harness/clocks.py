"""Cases at instants that a test names: opened, forwarded, stopped, and what their clocks say."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from core import uploads
from core.moments import CITY
from core.uploads import Owner
from objections import forwarding, handling, stopping
from objections.forwarding import Question
from objections.kinds import StopCause
from objections.moving import Officer, Read
from objections.stopping import Stopping
from objections.tables import due_date
from tests.harness import objecting
from tests.harness.callers import Town


def at(said: str) -> datetime:
    """An instant in the city's time."""
    return datetime.fromisoformat(said).replace(tzinfo=CITY)


async def officer(town: Town, persona: str = "handler-1") -> Officer:
    """A handler as the domain knows them."""
    who = "SELECT s.party_id, s.id FROM staff s JOIN identity_link l ON l.staff_id = s.id WHERE l.name = :n"
    async with town.house.database.reading() as unit:
        row = await unit.first(text(who), {"n": persona})
    assert row is not None
    return Officer(row.party_id, row.id)


async def opened(town: Town, when: datetime, persona: str = "citizen-9", **said: Any) -> str:
    """A case filed then, and opened by handler-1 at once; its id."""
    case_id = await objecting.filed(town, persona, at=when, **said)
    async with town.house.database.writing() as unit:
        await handling.open_(unit, await officer(town), Read(case_id, 1), no_conflict=True, at=when)
    return case_id


async def forwarded(town: Town, case_id: str, when: datetime) -> None:
    """Its provider is asked; of what is missing, any."""
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT id FROM party WHERE kind = 'PROVIDER' ORDER BY id"))
    assert row is not None
    by, read = await officer(town), Read(case_id, await objecting.version(town, case_id))
    async with town.house.database.writing() as unit:
        await forwarding.forward(unit, by, read, Question("请核对", provider_id=row.id), at=when)


async def proof(town: Town, by: Officer, when: datetime) -> str:
    """An upload of the officer's organisation."""

    async def content() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7 proof"

    draft = await town.house.blobs.write(content(), at=when)
    async with town.house.database.writing() as unit:
        owner = Owner(party_id=by.party_id, papers=True)
        kept = await uploads.keep(unit, town.house.blobs, draft, owner=owner, media_type="application/pdf", at=when)
    return kept.id


async def stopped(town: Town, case_id: str, cause: StopCause, started_on: date, when: datetime) -> str:
    """A stop that handler-1 opens; its id."""
    by = await officer(town)
    stop = Stopping(cause, started_on, await proof(town, by, when))
    read = Read(case_id, await objecting.version(town, case_id))
    async with town.house.database.writing() as unit:
        return await stopping.open_(unit, by, read, stop, at=when)


async def goes_on(town: Town, case_id: str, stop_id: str, ended_on: date, when: datetime) -> None:
    """The same ended."""
    by, expected = await officer(town), await objecting.version(town, case_id)
    async with town.house.database.writing() as unit:
        await stopping.close(unit, by, stop_id, ended_on, expected=expected, at=when)


async def in_force(town: Town, case_id: str) -> Sequence[tuple[str, date, bool]]:
    """The dates that were in force: why, which day, and whether the clock stood."""
    c = due_date.c
    async with town.house.database.reading() as unit:
        rows = await unit.all(due_date.select().where(c.objection_id == case_id).order_by(c.since))
    return [(row.cause, row.due_on, row.held) for row in rows]


async def told(town: Town, case_id: str) -> dict[str, int]:
    """How often each kind of event was told of a case."""
    async with town.house.database.reading() as unit:
        rows = await unit.all(
            text("SELECT kind, count(*) AS times FROM outbox WHERE about = :i GROUP BY kind"), {"i": case_id}
        )
    return {row.kind: row.times for row in rows}


def today(instant: datetime) -> str:
    """The city's day of an instant, as the API writes it."""
    return instant.astimezone(CITY).date().isoformat()


async def end(town: Town, stop_id: str, case_id: str, day: str) -> dict[str, Any]:
    """A stop ended at the desk; the payload or refusal."""
    input_ = {"stopId": stop_id, "endedOn": day, "expectedVersion": await objecting.version(town, case_id)}
    return await town.act("handler-1", "objectionStopClose", input_, "case { status } replayed")
