"""Taking checked drafts into the record: by a load, or one by one by a reviewer."""

from collections.abc import Sequence
from datetime import date, datetime

from core.database import WriteUnit
from credit import entering, evaluation, grades, scores_in
from credit.entering import Known, NewRecord, NewSubject, Outcome, Provenance
from credit.evaluation import NewEvaluation
from credit.scores_in import NewScore
from intake import checks
from intake.drafts import Draft, EvaluationDraft, RecordDraft, ScoreDraft, SubjectDraft
from intake.errors import RowRefused


def against_store(
    draft: Draft, known: Known | None, name_hashes: Sequence[str], *, today: date, self_supporting: bool = False
) -> None:
    """What only the database can say about a draft; raises `RowRefused`.

    Who is known and not of age was found to support themselves: nobody else of that age gets in.
    """
    if isinstance(draft, ScoreDraft):
        checks.of_age(draft.identity, today=today)
    checks.age(draft.identity, today=today, known=self_supporting or known is not None)
    if known is not None and not known.is_called(name_hashes):
        raise RowRefused("NAME_MISMATCH")
    if known is None and not isinstance(draft, SubjectDraft):
        raise RowRefused("SUBJECT_UNKNOWN")
    if known is not None and isinstance(draft, RecordDraft) and known.kind not in draft.kinds:
        raise RowRefused("KIND_MISMATCH")
    if known is not None and isinstance(draft, EvaluationDraft) and known.kind not in grades.KINDS:
        raise RowRefused("NOT_AN_ORGANISATION")


async def put(
    unit: WriteUnit, taken: Sequence[tuple[Draft, Known | None]], source: Provenance, *, at: datetime
) -> Outcome:
    """Enter drafts that were checked against the store, in this unit."""
    subjects: list[NewSubject] = []
    records: list[NewRecord] = []
    scores: list[NewScore] = []
    evaluations: list[NewEvaluation] = []
    for draft, known in taken:
        if isinstance(draft, SubjectDraft):
            subjects.append(NewSubject(draft.kind, draft.identity, draft.name))
        elif isinstance(draft, RecordDraft) and known:
            records.append(NewRecord(known.id, draft.content))
        elif isinstance(draft, ScoreDraft) and known:
            scores.append(NewScore(known.id, draft.content))
        elif isinstance(draft, EvaluationDraft) and known:
            evaluations.append(NewEvaluation(known.id, draft.content))
    total = Outcome()
    for outcome in (
        await entering.add_subjects(unit, subjects, at=at),
        await entering.put_records(unit, records, source, at=at),
        await scores_in.put(unit, scores, at=at),
        await evaluation.put(unit, evaluations, source, at=at),
    ):
        total.added += outcome.added
        total.changed += outcome.changed
        total.unchanged += outcome.unchanged
        total.dropped += outcome.dropped
    return total
