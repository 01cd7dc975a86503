"""Whether a look may have shown what was wrong, and whether its organisation may still hold it. Pure."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.moments import day_of
from credit.kinds import Publicity
from grants import rules

# Two clocks of this service differ by less (design §4).
SKEW = timedelta(seconds=2)


@dataclass(frozen=True)
class Merge:
    """That one subject turned out to be another, and when."""

    id: str
    absorbed: str
    kept: str
    at: datetime


def may_have_seen(correction: Any, look: Any, grant: Any | None, merges: Sequence[Merge]) -> bool:
    """Whether the look's kinds, instant, window and audience take in the face that was wrong. `merges` are those that
    led to the correction's subject, oldest first."""
    in_time = correction.wrong_since - SKEW <= look.at <= correction.noticed_at + SKEW
    shown = correction.query_until is None or day_of(look.at) <= correction.query_until
    at_it = look.subject_id in holders(correction, merges, look.at)
    of_kind = at_it and correction.category in look.categories
    return bool(in_time and shown and of_kind) and (grant is None or _through(correction, grant, on=day_of(look.at)))


def holders(correction: Any, merges: Sequence[Merge], at: datetime) -> Set[str]:
    """Whose the record may have been at an instant: what was of one of two merged subjects could not be seen under the
    other's id before."""
    holders, strand = {correction.subject_id}, correction.strand
    made = next((merge for merge in merges if strand is not None and strand.startswith(f"{merge.id}.")), None)
    if made is None:
        return holders
    sides = {"a": {made.absorbed}, "k": {made.kept}}
    holders = sides.get(strand.removeprefix(f"{made.id}."), {made.absorbed, made.kept})
    for merge in merges[merges.index(made) :]:
        if merge.at <= at + SKEW:
            moved = {merge.kept if one == merge.absorbed else one for one in holders}
            holders = moved if merge.at <= at - SKEW else holders | moved
    return holders


def may_hold(look: Any, grant: Any | None, *, at: datetime) -> bool:
    """Whether what the look showed may still be kept: as long as its grant says, and without one for good."""
    return grant is None or at <= look.at + timedelta(days=grant.retention_days)


def _through(correction: Any, grant: Any, *, on: date) -> bool:
    if correction.publicity == Publicity.ORGANS_ONLY.value or not rules.reaches(grant, correction.strand):
        return False
    if grant.window_months is None:
        return True
    return bool(correction.sorted_on >= rules.window_start(grant.window_months, on=on))
