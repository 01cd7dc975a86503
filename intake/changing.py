"""Rows of 主体变更: each one made, or rejected with its reason; a later row meets what an earlier one changed."""

from collections.abc import Sequence
from datetime import datetime

from core.database import WriteUnit
from credit import renaming
from credit.entering import Outcome, Provenance
from credit.renaming import ChangeVerdict
from intake.drafts import Draft, SubjectChangeDraft
from intake.errors import RowRefused
from intake.files import Row
from intake.findings import Finding

_REASONS = {
    ChangeVerdict.UNKNOWN: "SUBJECT_UNKNOWN",
    ChangeVerdict.NAME_MISMATCH: "NAME_MISMATCH",
    ChangeVerdict.NOT_PRESENT: "CHANGED_SINCE",
    ChangeVerdict.EARLIER: "CHANGE_EARLIER",
    ChangeVerdict.BORN_OTHERWISE: "BORN_OTHERWISE",
    ChangeVerdict.TAKEN: "NEW_NUMBER_TAKEN",
}


async def enter(
    unit: WriteUnit, drafts: Sequence[tuple[Row, Draft]], source: Provenance, found: list[Finding], *, at: datetime
) -> tuple[Outcome, list[tuple[Row, Finding]]]:
    """Make changes, one after another. What came of them, and the rows that were rejected, and why."""
    outcome, refused = Outcome(), list[tuple[Row, Finding]]()
    for row, draft in drafts:
        if not isinstance(draft, SubjectChangeDraft):
            continue
        verdict = await renaming.change(unit, draft.change, source, at=at)
        if verdict in _REASONS:
            found.append(RowRefused(_REASONS[verdict]).at(row.line))
            refused.append((row, found[-1]))
        outcome.changed += verdict is ChangeVerdict.CHANGED
        outcome.unchanged += verdict is ChangeVerdict.UNCHANGED
    return outcome, refused
