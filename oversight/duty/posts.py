"""The quarterly word on every post (Art. 13): who holds one is confirmed by somebody else, or it ends by itself.

A quarter's list is what was held on the day on which a leader opened it, institution by institution. Nobody speaks for
themselves, nor for whom they gave the post or linked the sign-in. One statement decides between two who speak at once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

import structlog
from sqlalchemy import ColumnElement, select

from core import calendar
from core.database import Database, Unit, WriteUnit
from core.errors import NotAvailable
from core.ids import new_id
from core.moments import day_of, rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from oversight.duty.errors import ReviewOver
from oversight.duty.tables import post_review
from parties import hiring, posts
from parties.errors import NobodyLeft, SecondPerson

# CHOICE: three weeks of work, in which a holiday of an approver's fits.
WORKING_DAYS = 15
PAUSE_SECONDS = 600.0
_BATCH = 50
_log = structlog.get_logger("haihe.duty")
_c = post_review.c
_BY_UNTIL = Order(_c.until, _c.id, write=rfc3339, read=datetime.fromisoformat, ascending=True)


class PostOutcome(Enum):
    """What became of a post: confirmed or ended by somebody, or without a word ended (LAPSED), or KEPT because too few
    would have been left."""

    CONFIRMED = "CONFIRMED"
    ENDED = "ENDED"
    LAPSED = "LAPSED"
    KEPT = "KEPT"


@dataclass(frozen=True)
class Reviewer:
    """An approver, and of which institution; the city's speaks for districts too."""

    party_id: str
    staff_id: str
    is_city: bool

    @property
    def sees(self) -> ColumnElement[bool]:
        """The lines that are this approver's business."""
        return _c.party_id.is_not(None) if self.is_city else _c.party_id == self.party_id

    def may_speak(self, member: Row) -> bool:
        """Whether this is another's post, given and linked by others."""
        return self.staff_id not in (member.id, member.given_by, member.linked_by)


def quarter_of(day: date) -> str:
    """Such as 2026Q4."""
    return f"{day.year}Q{(day.month + 2) // 3}"


async def open_(unit: WriteUnit, *, at: datetime) -> int:
    """Open this quarter's list at every institution that has none yet; how many posts were listed."""
    quarter = quarter_of(day_of(at))
    await unit.alone("post reviews")
    opened = {row.party_id for row in await unit.all(select(_c.party_id).where(_c.quarter == quarter).distinct())}
    held = [row for row in await posts.held(unit, on=day_of(at)) if row.party_id not in opened]
    if not held:
        return 0
    until = (await calendar.due(unit, at, WORKING_DAYS)).until
    listed = {"quarter": quarter, "opened_at": at, "until": until}
    rows = [{"id": new_id("prv"), "party_id": row.party_id, "staff_id": row.id, **listed} for row in held]
    await unit.run(post_review.insert(), rows)
    return len(rows)


async def decide(unit: WriteUnit, by: Reviewer, review_id: str, *, stays: bool, at: datetime) -> bool:
    """Confirm a post, or end it from today on; False when this approver had said the same before.

    Raises `NotAvailable`, `SecondPerson` for one's own post and one that one gave or linked, `ReviewOver` and
    `NobodyLeft`.
    """
    row = await find(unit, by, review_id)
    if not by.may_speak((await hiring.by_ids(unit, [row.staff_id]))[row.staff_id]):
        raise SecondPerson()
    outcome = PostOutcome.CONFIRMED if stays else PostOutcome.ENDED
    if (row.outcome, row.decided_by) == (outcome.value, by.staff_id):
        return False
    waits = (_c.id == review_id, _c.outcome.is_(None), _c.until > at)
    said = post_review.update().where(*waits).values(outcome=outcome.value, decided_by=by.staff_id, decided_at=at)
    if await unit.run(said) != 1:
        raise ReviewOver()
    if not stays:
        await posts.end(unit, row.staff_id, on=day_of(at))
    return True


async def lapse(unit: WriteUnit, *, at: datetime) -> int:
    """End what nobody confirmed in time; how many lines, at most a batch. The last two approvers are kept, and it is
    said that nobody spoke for them."""
    over = select(_c.id, _c.staff_id).where(_c.outcome.is_(None), _c.until <= at)
    rows = await unit.all(over.order_by(_c.until, _c.id).limit(_BATCH))
    for row in rows:
        try:
            async with unit.savepoint():
                if await _close(unit, row.id, PostOutcome.LAPSED, at):
                    await posts.end(unit, row.staff_id, on=day_of(at))
        except NobodyLeft:
            await _close(unit, row.id, PostOutcome.KEPT, at)
            _log.warning("post_kept_without_a_word", review=row.id)
    return len(rows)


async def find(unit: Unit, by: Reviewer, review_id: str) -> Row:
    """A line of the approver's own institution, or of any for the city's; raises `NotAvailable`."""
    row = await unit.first(select(post_review).where(_c.id == review_id, by.sees))
    if row is None:
        raise NotAvailable()
    return row


async def reviewers(unit: Unit, *, on: date) -> Sequence[Reviewer]:
    """The city's approvers of a day, each as who may speak."""
    return [Reviewer(row.party_id, row.id, True) for row in await posts.approvers(unit, on=on)]


async def waiting(unit: Unit, *, before: datetime) -> Sequence[Row]:
    """Lines that wait for a word, and whose time is over before an instant: `id`, `until`."""
    return await unit.all(select(_c.id, _c.until).where(_c.outcome.is_(None), _c.until <= before).order_by(_c.id))


async def page(unit: Unit, by: Reviewer, request: PageRequest, *, waiting: bool) -> Page[Row]:
    """Lines of the approver's business, what ends first in front; only those that wait, or all."""
    query = select(post_review).where(by.sees)
    return await _BY_UNTIL.read_page(unit, query.where(_c.outcome.is_(None)) if waiting else query, request)


async def members(unit: Unit, rows: Collection[Row]) -> Mapping[str, Row]:
    """Who holds the posts of these lines, by staff id."""
    return await hiring.by_ids(unit, {row.staff_id for row in rows})


async def _close(unit: WriteUnit, review_id: str, outcome: PostOutcome, at: datetime) -> bool:
    """Without a word; False for whoever was spoken for in the moment before."""
    waits = (_c.id == review_id, _c.outcome.is_(None))
    return await unit.run(post_review.update().where(*waits).values(outcome=outcome.value, decided_at=at)) == 1


class PostReviews:
    """The duty that opens a quarter's lists and ends what nobody confirmed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, at: datetime) -> float:
        """Do what is due; in how many seconds to look again."""
        async with self._database.writing() as unit:
            opened = await open_(unit, at=at)
        async with self._database.writing() as unit:
            lapsed = await lapse(unit, at=at)
        if opened or lapsed:
            _log.info("post_reviews", opened=opened, lapsed=lapsed)
        return 0.0 if lapsed >= _BATCH else PAUSE_SECONDS
