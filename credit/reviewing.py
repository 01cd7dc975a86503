"""A person asks a human to look at their 海河分 again (个人信息保护法 24): one request at a time, due in working days,
and answered with reasons, always.

Whoever answers sees what moved the score, and no value of it; they cannot set one. After the answer the score is
computed anew.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from audit.lens import Audience, BasisKind, Lens
from core import calendar
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.identity import mask_numbers_in
from core.ids import new_id
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from credit import recomputing, score
from credit.errors import ReviewNotOpen, ReviewPending, ScoreNotOpen
from credit.kinds import ScoreReviewState, ScoreStatus
from credit.tables import score as scores
from credit.tables import score_review
from notices import outbox
from notices.kinds import EventKind

# CHOICE: as long as an objection that asks a provider (Art. 12); no act says how long a human may take.
WORKING_DAYS = 10
LONGEST_TEXT, LONGEST_REASONS = 500, 1000
_NEWEST = Order(score_review.c.asked_at, score_review.c.id, write=rfc3339, read=datetime.fromisoformat)


def state_of(row: Row) -> ScoreReviewState:
    """How a request stands."""
    if row.answered_at is not None:
        return ScoreReviewState.ANSWERED
    return ScoreReviewState.PENDING if row.ended_at is None else ScoreReviewState.LAPSED


async def request(unit: WriteUnit, lens: Lens, text: str, *, at: datetime) -> str:
    """Ask a human to look at the lens's open score; the request's id. Raises `Invalid`, `ScoreNotOpen`, and
    `ReviewPending` while another one waits."""
    said = _said(text, "text", LONGEST_TEXT)
    held = await score.held(unit, lens)
    if held is None or held.status != ScoreStatus.OPEN.value:
        raise ScoreNotOpen()
    due = await calendar.due(unit, at, WORKING_DAYS)
    row = {
        "id": new_id("rvw"),
        "subject_id": lens.subject_id,
        "text": said,
        "asked_at": at,
        "due_on": due.day,
        "due_at": due.until,
        "provisional": due.provisional,
        "version": 1,
    }
    made = await unit.first(unit.insert(score_review).values(row).on_conflict_do_nothing().returning(score_review.c.id))
    if made is None:
        raise ReviewPending()
    await outbox.tell_subject(unit, lens.subject_id, EventKind.SCORE_REVIEW_ASKED, about=made.id, at=at)
    return str(made.id)


async def answer(unit: WriteUnit, review_id: str, reasons: str, *, expected: int, by: str, at: datetime) -> None:
    """Answer with reasons; the score is computed anew. Raises `Invalid`, `NotAvailable`, `ReviewNotOpen` for one that
    is answered or over, and `VersionChanged`."""
    said = _said(reasons, "reasons", LONGEST_REASONS)
    c = score_review.c
    waits = (c.id == review_id, c.version == expected, c.answered_at.is_(None), c.ended_at.is_(None))
    values = {"answer": said, "answered_at": at, "answered_by": by, "version": c.version + 1}
    answered = await unit.first(score_review.update().where(*waits).values(values).returning(c.subject_id))
    if answered is None:
        row = await _find(unit, review_id)
        raise VersionChanged() if state_of(row) is ScoreReviewState.PENDING else ReviewNotOpen()
    await recomputing.ask(unit, [answered.subject_id], at=at)
    await outbox.tell_subject(unit, answered.subject_id, EventKind.SCORE_REVIEW_ANSWERED, about=review_id, at=at)


async def of_subject(unit: Unit, lens: Lens, request: PageRequest) -> Page[Row]:
    """The subject's own requests, newest first."""
    own = select(score_review).where(score_review.c.subject_id == lens.subject_id)
    return await _NEWEST.read_page(unit, own, request)


async def find_own(unit: Unit, lens: Lens, review_id: str) -> Row:
    """One of the subject's own; raises `NotAvailable`."""
    row = await _find(unit, review_id)
    if row.subject_id != lens.subject_id:
        raise NotAvailable()
    return row


async def waiting(unit: Unit, request: PageRequest) -> Page[Row]:
    """Every request that waits, newest first: how long it has, and not whose it is."""
    c = score_review.c
    return await _NEWEST.read_page(
        unit, select(score_review).where(c.answered_at.is_(None), c.ended_at.is_(None)), request
    )


async def file(unit: Unit, review_id: str) -> tuple[Row, Lens, Row | None]:
    """A request, the lens that it gives the one who answers, and the score's row while the request waits. Raises
    `NotAvailable`."""
    row = await _find(unit, review_id)
    lens = Lens(Audience.ORGAN, BasisKind.OBJECTION, row.subject_id, categories=frozenset())
    if state_of(row) is not ScoreReviewState.PENDING:
        return row, lens, None
    return row, lens, await unit.first(select(scores).where(scores.c.subject_id == row.subject_id))


async def answered_by(unit: Unit, subject_id: str) -> Collection[str]:
    """The staff members who have answered this subject's requests."""
    c = score_review.c
    rows = await unit.all(select(c.answered_by).where(c.subject_id == subject_id, c.answered_by.is_not(None)))
    return {row.answered_by for row in rows}


async def _find(unit: Unit, review_id: str) -> Row:
    row = await unit.first(select(score_review).where(score_review.c.id == review_id))
    if row is None:
        raise NotAvailable()
    return row


def _said(text: str, path: str, longest: int) -> str:
    """What somebody wrote, with identity numbers masked. Raises `Invalid`."""
    said = text.strip()
    if not 1 <= len(said) <= longest:
        raise Invalid(Detail((path,), "LENGTH", f"1..{longest}"))
    if not all(character.isprintable() or character == "\n" for character in said):
        raise Invalid(Detail((path,), "PRINTABLE"))
    return mask_numbers_in(said)
