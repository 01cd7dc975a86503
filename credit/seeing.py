"""Whether a look may have shown what was wrong, and whether its organisation may still hold it. Pure."""

from datetime import date, datetime, timedelta
from typing import Any

from core.moments import day_of
from credit.kinds import Publicity
from grants import rules

# Two clocks of this service differ by less (design §4).
SKEW = timedelta(seconds=2)


def may_have_seen(correction: Any, look: Any, grant: Any | None) -> bool:
    """Whether the look's kinds, instant, window and audience take in the face that was wrong."""
    in_time = correction.wrong_since - SKEW <= look.at <= correction.noticed_at + SKEW
    shown = correction.query_until is None or day_of(look.at) <= correction.query_until
    of_kind = look.subject_id == correction.subject_id and correction.category in look.categories
    return bool(in_time and shown and of_kind) and (grant is None or _through(correction, grant, on=day_of(look.at)))


def may_hold(look: Any, grant: Any | None, *, at: datetime) -> bool:
    """Whether what the look showed may still be kept: as long as its grant says, and without one for good."""
    return grant is None or at <= look.at + timedelta(days=grant.retention_days)


def _through(correction: Any, grant: Any, *, on: date) -> bool:
    if correction.publicity == Publicity.ORGANS_ONLY.value:
        return False
    if grant.window_months is None:
        return True
    return bool(correction.sorted_on >= rules.window_start(grant.window_months, on=on))
