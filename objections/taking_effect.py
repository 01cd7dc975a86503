"""What an answer changes, in the transaction that says it: the record's next version, whose it is, that it is gone;
a score computed anew; a use stopped.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from audit import questions, trail
from audit.lens import Audience, BasisKind, Lens
from core.database import WriteUnit
from core.errors import Detail, Invalid
from core.statements import Row
from credit import contesting, evaluation, recomputing, subjects
from credit.entering import Provenance
from credit.kinds import WithdrawalCause
from grants import lifecycle
from grants.marks import Signer
from notices import outbox
from notices.kinds import EventKind
from objections import rights
from objections.kinds import ObjectionAddressee, ObjectionOutcome, ObjectionTarget
from objections.rights import Right
from parties import directory

_Effect = Callable[[WriteUnit, Row, Right, datetime], Awaitable[None]]


def right_of(unit: WriteUnit, asked: Row | None, given: Right) -> Right:
    """What should stand instead: what the provider said where one was asked, or else what the institution says of its
    own fault."""
    return given if asked is None else rights.opened(unit.vault, asked)


async def of(unit: WriteUnit, row: Row, right: Right, *, at: datetime) -> None:
    """Let a decided case take effect. An agency's answer is about what it holds itself: here only a use it stops ends.

    Raises `Invalid` where what is decided lacks what it is made of.
    """
    target, outcome = ObjectionTarget(row.target), ObjectionOutcome(row.outcome)
    effect = _EFFECTS.get((target, outcome))
    of_agency = row.addressee == ObjectionAddressee.CREDIT_SERVICE_AGENCY.value
    if effect is not None and (not of_agency or effect is _use_stopped):
        await effect(unit, row, right, at)


async def _corrected(unit: WriteUnit, row: Row, right: Right, at: datetime) -> None:
    """By the items that were given; or its provider has sent another version since the case was received."""
    if row.rehears is not None:
        await contesting.show_again(unit, row.target_id, disputed_since=row.filed_at, at=at)
    if right.items:
        await contesting.correct(unit, row.target_id, right.items, right.title, at=at)
    elif not await contesting.corrected_since(unit, row.target_id, since=row.filed_at, at=at):
        raise Invalid(Detail(("items",), "EMPTY"))


async def _deleted(unit: WriteUnit, row: Row, _right: Right, at: datetime) -> None:
    await contesting.take_out(unit, row.target_id, WithdrawalCause.REVOKED, at=at)


async def _withheld(unit: WriteUnit, row: Row, _right: Right, at: datetime) -> None:
    await contesting.take_out(unit, row.target_id, WithdrawalCause.UNVERIFIED, at=at)


async def _confirmed(unit: WriteUnit, row: Row, _right: Right, at: datetime) -> None:
    """What was withheld, and is heard again, is shown again; whatever else is refused stays as it is."""
    if row.rehears is not None:
        await contesting.show_again(unit, row.target_id, disputed_since=row.filed_at, at=at)


async def _reassigned(unit: WriteUnit, row: Row, right: Right, at: datetime) -> None:
    """To whose it is; where that is nobody here, it is only not this subject's any more."""
    await contesting.reassign(unit, row.target_id, right.subject_id, at=at)


async def _added(unit: WriteUnit, row: Row, right: Right, at: datetime) -> None:
    provider = await directory.provider_of(unit, row.provider_id)
    if right.content is None or provider is None:
        raise Invalid(Detail(("outcome",), "EMPTY"))
    source = Provenance(provider.id, provider.name, provider.provider_kind)
    await contesting.add(unit, row.subject_id, right.content, source, at=at)


async def _computed_anew(unit: WriteUnit, row: Row, _right: Right, at: datetime) -> None:
    """Nobody sets a score: what moved it is looked at by a human, who says why, and the model answers again."""
    await recomputing.ask(unit, [row.subject_id], at=at)


async def _use_stopped(unit: WriteUnit, row: Row, _right: Right, at: datetime) -> None:
    """The grant behind the look ends, as if its subject had revoked it: what they filed is their word. What an organ
    looked at by law rests on no grant: it is called upon to stop (ADR 0131)."""
    lens = Lens(Audience.SUBJECT, BasisKind.SELF, row.subject_id)
    of_agency = row.addressee == ObjectionAddressee.CREDIT_SERVICE_AGENCY.value
    by = row.institution_id if of_agency else None  # an agency ends what was granted to itself
    grant_id = await trail.authority(unit, lens, row.target_id, by=by)
    if grant_id is not None:
        signer = Signer((await subjects.behind(unit, lens)).kind.value, row.filed_by or "", row.capacity, "")
        await lifecycle.revoke(unit, lens, grant_id, signer, at=at)
        return
    organ_id = None if of_agency else await trail.organ(unit, lens, row.target_id)
    if organ_id is None:
        raise Invalid(Detail(("outcome",), "NO_GRANT_BEHIND"))
    if not await questions.ask(
        unit, lens, row.target_id, at=at
    ):  # its subject questioned it before: now it is found so
        await outbox.tell_party(unit, organ_id, EventKind.LOOK_QUESTIONED, about=row.target_id, at=at)


async def _graded_anew(unit: WriteUnit, row: Row, _right: Right, _at: datetime) -> None:
    """An evaluation comes from its source alone: it has sent another one since the case was received."""
    if not await evaluation.has_changed(unit, row.subject_id, since=row.filed_at):
        raise Invalid(Detail(("outcome",), "COMES_BY_FILE"))


async def _grade_taken_out(unit: WriteUnit, row: Row, _right: Right, at: datetime) -> None:
    await evaluation.take_out(unit, row.subject_id, at=at)


_T, _O = ObjectionTarget, ObjectionOutcome
_EFFECTS: Mapping[tuple[ObjectionTarget, ObjectionOutcome], _Effect] = {
    (_T.RECORD, _O.CORRECTED): _corrected,
    (_T.RECORD, _O.DELETED): _deleted,
    (_T.RECORD, _O.REASSIGNED): _reassigned,
    (_T.RECORD, _O.UNVERIFIABLE_WITHHELD): _withheld,
    (_T.RECORD, _O.NOT_CORRECTED): _confirmed,
    (_T.MISSING_RECORD, _O.ADDED): _added,
    (_T.SCORE, _O.CORRECTED): _computed_anew,
    (_T.ACCESS, _O.USE_STOPPED): _use_stopped,
    (_T.EVALUATION, _O.CORRECTED): _graded_anew,
    (_T.EVALUATION, _O.DELETED): _grade_taken_out,
}
