"""海河分 that arrives by file: opened in an earlier system and moved here, or computed elsewhere by the model in force.

Nobody is scored who did not open it: a row that brings no consent, of somebody who has none here, is dropped and
counted. Nothing of it is kept, and it is no error of the sender's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.database import WriteUnit
from core.moments import day_of
from core.statements import Row
from credit import models, recomputing
from credit.entering import Outcome
from credit.kinds import ScoreStatus
from credit.tables import score
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind


@dataclass(frozen=True)
class ScoreConsent:
    """The consent that a moved score rests on."""

    opened_at: datetime
    notice_hash: str


@dataclass(frozen=True)
class ScoreContent:
    """A value by a model, and when it was made. Without a consent it is for somebody who has opened theirs here."""

    value: int
    model_version: str
    computed_at: datetime
    consent: ScoreConsent | None


@dataclass(frozen=True)
class NewScore:
    """One score of one subject."""

    subject_id: str
    content: ScoreContent


async def put(unit: WriteUnit, batch: Sequence[NewScore], *, at: datetime) -> Outcome:
    """Enter scores, one of a subject. An open one takes a value that was made later than its own; a closed one stays as
    its owner left it, and what was sent for it is dropped."""
    outcome = Outcome()
    if not batch:
        return outcome
    found = await unit.all(select(score).where(score.c.subject_id.in_([new.subject_id for new in batch])))
    here = {row.subject_id: row for row in found}
    for new in batch:
        row = here.get(new.subject_id)
        if row is None and new.content.consent is not None:
            moved = await _move(unit, new, new.content.consent, at)
            outcome.added += moved
            outcome.unchanged += not moved
        elif row is None or row.status != ScoreStatus.OPEN.value:
            outcome.dropped += 1
        elif row.computed_at < new.content.computed_at and await _renew(unit, row, new.content, at):
            outcome.changed += 1
        else:
            outcome.unchanged += 1
    return outcome


async def _move(unit: WriteUnit, new: NewScore, consent: ScoreConsent, at: datetime) -> bool:
    opened = {"status": ScoreStatus.OPEN.value, "version": 1, "marks": []}
    rests_on = {"opened_at": consent.opened_at, "notice_hash": consent.notice_hash}
    row = {"subject_id": new.subject_id, **opened, **rests_on, **_values(new.content, at)}
    entered = unit.insert(score).values(row).on_conflict_do_nothing().returning(score.c.subject_id)
    if await unit.first(entered) is None:
        return False
    await changes.tell(unit, Change(new.subject_id, ChangeKind.SCORE, new.subject_id, 1), at=at)
    return True


async def _renew(unit: WriteUnit, row: Row, content: ScoreContent, at: datetime) -> bool:
    mine = (score.c.subject_id == row.subject_id, score.c.version == row.version)
    fresh = _values(content, at)
    fallen = recomputing.last_favourable(fresh["tier"])
    values = {**fresh, "last_favourable": fallen, "version": row.version + 1}
    if await unit.run(score.update().where(*mine).values(values)) != 1:
        return False
    await changes.tell(unit, Change(row.subject_id, ChangeKind.SCORE, row.subject_id, row.version + 1), at=at)
    return True


def _values(content: ScoreContent, at: datetime) -> Mapping[str, Any]:
    """A value without factors: whoever sent it did not say what moved it."""
    model = models.named(content.model_version, on=day_of(at))
    return {
        "value": content.value,
        "tier": model.band_of(content.value).tier,
        "model_version": content.model_version,
        "computed_at": content.computed_at,
        "factors": [],
        "changes_on": None,
    }
