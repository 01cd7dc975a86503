"""What an offer's condition asks about somebody, for both other contenders: one statement more, and the pure rule."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.identity import IdentityType, born_in
from credit.ages import band_on
from credit.kinds import RecordFact, SubjectKind
from incentives.eligibility import Standing

# Of the subject $1, on the city's day $2.
FACTS = (
    "SELECT coalesce(bool_or(nature = 'ADVERSE' AND json_array_length(marks) = 0), false) AS adverse,"
    " coalesce(bool_or(category = 'HONOUR'), false) AS honoured"
    " FROM record WHERE subject_id = $1 AND status = 'CURRENT' AND (score_until IS NULL OR score_until >= $2)"
)


def standing(
    subject: Mapping[str, Any], number: str, tier: int | None, facts: Mapping[str, Any], today: date
) -> Standing:
    """Somebody's standing, of their rows; the subject's with `residence_district`."""
    born = born_in(IdentityType(subject["identity_type"]), number)
    held = {RecordFact.NO_ADVERSE: not facts["adverse"], RecordFact.HONOUR: facts["honoured"]}
    band = None if born is None else band_on(born, today)
    shown = frozenset(fact for fact, holds in held.items() if holds)
    return Standing(SubjectKind(subject["kind"]), tier, band, subject["residence_district"], shown)
