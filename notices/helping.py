"""Giving a helper a mandate and ending it, and telling both sides in the same transaction."""

from datetime import date, datetime

from core.database import WriteUnit
from core.errors import Detail, Invalid
from core.moments import day_of
from notices import outbox
from notices.kinds import EventKind
from parties import mandates
from parties.errors import MandateStands
from parties.kinds import MandateKind


async def give(unit: WriteUnit, *, giver: str, helper: str, until: date, at: datetime) -> str:
    """A helper may act for a person from today to a day, both counted; the mandate's id. The person is told.

    Raises `Invalid` for a term beyond `mandates.LONGEST_HELP`, and as `mandates.give` does; `MandateStands` when this
    helper is theirs, or their guardian, already.
    """
    today = day_of(at)
    if until - today > mandates.LONGEST_HELP:
        raise Invalid(Detail(("validUntil",), "TERM_TOO_LONG", f"P{mandates.LONGEST_HELP.days}D"))
    given = await mandates.give(
        unit,
        person_id=helper,
        subject_id=giver,
        kind=MandateKind.HELPER,
        valid_from=today,
        valid_until=until,
        at=at,
    )
    if given is None:
        raise MandateStands()
    await outbox.tell_subject(unit, giver, EventKind.HELPER_GIVEN, about=given, at=at, until=until.isoformat())
    return given


async def end(unit: WriteUnit, mandate_id: str, *, by: str, at: datetime) -> bool:
    """Either side ends it, at once, as `mandates.end_help` does; both are told."""
    if not await mandates.end_help(unit, mandate_id, by=by, at=at):
        return False
    row = await mandates.find(unit, mandate_id, by=by)
    for side in (row.subject_id, row.person_id):
        await outbox.tell_subject(unit, side, EventKind.HELPER_ENDED, about=mandate_id, at=at)
    return True
