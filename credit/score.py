"""Opening, reading, closing one's 海河分. Nobody is scored who did not open it; closing deletes value and factors."""

from collections.abc import Iterable, Set
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from audit.lens import Lens
from core import bulk
from core.database import Unit, WriteUnit
from core.moments import day_of
from core.statements import Row, Statement, by_database
from credit import models, recomputing
from credit.errors import ScoreAlreadyOpen, ScoreNotApplicable, ScoreNotOpen
from credit.kinds import ScoreStatus, SubjectKind
from credit.subjects import Subject
from credit.tables import score, score_due, score_review
from grants import consent
from grants.scope import NoticeKind
from notices import changes, outbox
from notices.changes import Change
from notices.kinds import ChangeKind, EventKind

_SCORE = Statement(select(score).where(score.c.subject_id == bindparam("subject_id")))


async def of(unit: Unit, lens: Lens) -> Row | None:
    """The score's row, or None when it was never opened."""
    return await unit.first(_SCORE, {"subject_id": lens.subject_id})


async def held(unit: WriteUnit, lens: Lens) -> Row | None:
    """The score's row, kept from closing until this unit ends: what is decided by it stays true to the commit."""
    return await unit.first(select(score).where(score.c.subject_id == lens.subject_id).with_for_update(read=True))


async def held_free(unit: WriteUnit, lenses: Iterable[Lens]) -> Set[str]:
    """Whose scores, among many, are kept so now, without waiting for anybody: the ids of their subjects."""
    wanted = bulk.written([(lens.subject_id,) for lens in lenses])
    return {row.subject_id for row in await unit.swiftly(_FREE[unit.dialect], {"ids": wanted})}


def _free(database: str) -> Select[Any]:
    id_ = score.c.subject_id
    return bulk.for_each(database, select(id_).with_for_update(read=True, skip_locked=True), [id_], "ids")


_FREE = by_database(_free)


def status_of(row: Row | None, subject: Subject, *, at: datetime) -> ScoreStatus:
    """Where the score stands for this subject."""
    if subject.kind is not SubjectKind.NATURAL_PERSON or not subject.is_adult(at):
        return ScoreStatus.NOT_APPLICABLE
    return ScoreStatus(row.status) if row else ScoreStatus.NOT_OPENED


def counted_tier(row: Row | None) -> int | None:
    """The tier that offers are met by; None unless the score is open.

    While the score is contested (Art. 12), the tier from which it fell last holds on: nobody loses an offer over what
    may be wrong. Over a contested record it needs none of this: such a record does not count against anybody.
    """
    if row is None or row.status != ScoreStatus.OPEN.value:
        return None
    tier: int = row.tier
    return max(tier, row.last_favourable or tier) if row.marks else tier


async def open_(unit: WriteUnit, lens: Lens, subject: Subject, notice_hash: str, *, at: datetime) -> None:
    """Consent to a score and compute it. Raises `ScoreNotApplicable`, `NoticeChanged` or `ScoreAlreadyOpen`."""
    if subject.kind is not SubjectKind.NATURAL_PERSON or not subject.is_adult(at):
        raise ScoreNotApplicable()
    agreed = await consent.agreed(unit, consent.compose(NoticeKind.SCORE_OPEN), notice_hash)
    await recomputing.settle(unit, lens.subject_id)
    model = models.in_force(day_of(at))
    made = (await recomputing.found(unit, [lens.subject_id], model, at=at))[lens.subject_id]
    values = {
        **recomputing.columns(made, model, at=at),
        "status": ScoreStatus.OPEN.value,
        "notice_hash": agreed,
        "last_favourable": None,
        "opened_at": at,
        "closed_at": None,
    }
    opened = (
        unit.insert(score)
        .values(subject_id=lens.subject_id, version=1, marks=[], **values)
        .on_conflict_do_update(
            index_elements=["subject_id"],
            set_={**values, "version": score.c.version + 1},
            where=score.c.status == ScoreStatus.CLOSED.value,
        )
        .returning(score.c.version)
    )
    row = await unit.first(opened)
    if row is None:
        raise ScoreAlreadyOpen()
    await _tell(unit, lens, row.version, at)
    await outbox.tell_subject(unit, lens.subject_id, EventKind.SCORE_OPENED, about=lens.subject_id, at=at)


async def close(unit: WriteUnit, lens: Lens, *, at: datetime) -> None:
    """Delete value, factors and tier, and what is due of them; reviews that wait lapse. Raises `ScoreNotOpen`."""
    await unit.run(score_due.delete().where(score_due.c.subject_id == lens.subject_id))
    closed = await unit.first(
        score.update()
        .where(score.c.subject_id == lens.subject_id, score.c.status == ScoreStatus.OPEN.value)
        .values(
            status=ScoreStatus.CLOSED.value,
            version=score.c.version + 1,
            value=None,
            tier=None,
            last_favourable=None,
            model_version=None,
            computed_at=None,
            factors=None,
            changes_on=None,
            closed_at=at,
        )
        .returning(score.c.version)
    )
    if closed is None:
        raise ScoreNotOpen()
    r = score_review.c
    waiting = score_review.update().where(
        r.subject_id == lens.subject_id, r.answered_at.is_(None), r.ended_at.is_(None)
    )
    await unit.run(waiting.values(ended_at=at, version=r.version + 1))
    await _tell(unit, lens, closed.version, at)
    await outbox.tell_subject(unit, lens.subject_id, EventKind.SCORE_CLOSED, about=lens.subject_id, at=at)


async def _tell(unit: WriteUnit, lens: Lens, version: int, at: datetime) -> None:
    await changes.tell(unit, Change(lens.subject_id, ChangeKind.SCORE, lens.subject_id, version), at=at)
