"""Rows that put records right: each one applied, or rejected with its reason; told of once, at the end of the batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.database import WriteUnit
from core.identity import IdentityNumber
from credit import entering
from credit.amending import Amender, Amendment, Verdict
from credit.entering import Known, Outcome, Provenance
from credit.kinds import SubjectKind
from intake.drafts import AmendmentDraft, Draft
from intake.errors import RowRefused
from intake.files import Row
from intake.findings import Finding

_REASONS = {
    Verdict.UNKNOWN: "RECORD_UNKNOWN",
    Verdict.NOT_CURRENT: "RECORD_NOT_CURRENT",
    Verdict.TAKEN: "NUMBER_TAKEN",
}


async def enter(
    unit: WriteUnit,
    drafts: Sequence[tuple[Row, Draft]],
    source: Provenance,
    found: list[Finding],
    *,
    at: datetime,
) -> tuple[Outcome, list[tuple[Row, Finding]]]:
    """Apply amendments, one after another: a later row meets what an earlier one did. What came of them, and the rows
    that were rejected, and why."""
    wanted = [(row, draft) for row, draft in drafts if isinstance(draft, AmendmentDraft)]
    named = [draft.identity for _, draft in wanted]
    people = await entering.known(unit, [*named, *(draft.right[0] for _, draft in wanted if draft.right)])
    amender, outcome = Amender(unit, source, at), Outcome()
    refused: list[tuple[Row, Finding]] = []
    for row, draft in wanted:
        try:
            verdict = await amender.amend(_amendment(unit, draft, people))
            if verdict in _REASONS:
                raise RowRefused(_REASONS[verdict])
        except RowRefused as error:
            found.append(error.at(row.line))
            refused.append((row, found[-1]))
            continue
        outcome.changed += verdict is Verdict.CHANGED
        outcome.unchanged += verdict is Verdict.UNCHANGED
    await amender.tell()
    return outcome, refused


def _amendment(unit: WriteUnit, draft: AmendmentDraft, people: Mapping[str, Known]) -> Amendment:
    """What a row asks for, in ids. Nobody's number and another's name have no record, either."""
    theirs = _named(unit, draft.identity, draft.name, people)
    if isinstance(theirs, str):
        raise RowRefused("RECORD_UNKNOWN")
    right = None
    if draft.right is not None:
        found = _named(unit, *draft.right, people)
        if isinstance(found, str):
            raise RowRefused(found)
        if found.id == theirs.id:
            raise RowRefused("SAME_SUBJECT")
        # A person's records are published never, an organisation's may be: such a record has to be sent anew.
        if (found.kind is SubjectKind.NATURAL_PERSON) != (theirs.kind is SubjectKind.NATURAL_PERSON):
            raise RowRefused("KIND_MISMATCH")
        right = found.id
    return Amendment(draft.act, draft.kind, draft.document_number, theirs.id, draft.right_number, right)


def _named(unit: WriteUnit, who: IdentityNumber, name: str, people: Mapping[str, Known]) -> Known | str:
    """Whose number and name these are, or why nobody's."""
    found = people.get(who.number)
    if found is None:
        return "SUBJECT_UNKNOWN"
    return found if found.is_called(unit.vault.lookups("name", name)) else "NAME_MISMATCH"
