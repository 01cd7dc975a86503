"""Rows of 主体变更: each one made, or rejected with its reason; a later row meets what an earlier one changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import WriteUnit
from core.moving import Move
from credit import merging, renaming
from credit.entering import Outcome, Provenance
from credit.renaming import ChangeVerdict, SubjectAct, SubjectChange
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
    ChangeVerdict.RIGHT_UNKNOWN: "OTHER_UNKNOWN",
    ChangeVerdict.NAMES_DIFFER: "NAMES_DIFFER",
    ChangeVerdict.KINDS_DIFFER: "KINDS_DIFFER",
    ChangeVerdict.MINOR: "MERGE_OF_MINOR",
    ChangeVerdict.ACT_FOR_EACH_OTHER: "ACT_FOR_EACH_OTHER",
    ChangeVerdict.BOTH_TAKE_PART: "BOTH_TAKE_PART",
}


@dataclass(frozen=True)
class Changer:
    """Makes one provider's changes. `beyond` moves what contexts beside this one keep of a subject that is merged."""

    source: Provenance
    beyond: Sequence[Move]

    async def change(self, unit: WriteUnit, wanted: SubjectChange, *, at: datetime) -> ChangeVerdict:
        """Make one change, or say why not."""
        if wanted.act is SubjectAct.MERGE:
            return await merging.merge(unit, wanted, self.source, self.beyond, at=at)
        return await renaming.change(unit, wanted, self.source, at=at)


async def enter(
    unit: WriteUnit, drafts: Sequence[tuple[Row, Draft]], changer: Changer, found: list[Finding], *, at: datetime
) -> tuple[Outcome, list[tuple[Row, Finding]]]:
    """Make changes, one after another. What came of them, and the rows that were rejected, and why."""
    outcome, refused = Outcome(), list[tuple[Row, Finding]]()
    for row, draft in drafts:
        if not isinstance(draft, SubjectChangeDraft):
            continue
        verdict = await changer.change(unit, draft.change, at=at)
        if verdict in _REASONS:
            found.append(RowRefused(_REASONS[verdict]).at(row.line))
            refused.append((row, found[-1]))
        outcome.changed += verdict is ChangeVerdict.CHANGED
        outcome.unchanged += verdict is ChangeVerdict.UNCHANGED
    return outcome, refused
