"""What may come of a case, by whom it is addressed to, what is contested and what its provider said. Pure.

A refusal is a decision against the applicant: of the institution it needs a second person. Silence is no ground for
one, and what is asked for decides whether nothing had to be changed: EXPLAINED is no way round the second person, nor
an answer to a filing that joined and asked for more. What finds for the applicant needs nobody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from objections.kinds import (
    ObjectionAddressee,
    ObjectionOutcome,
    ObjectionRequest,
    ObjectionTarget,
    VerificationAnswer,
)

_O, _A = ObjectionOutcome, VerificationAnswer
# What a provider may answer about a record of its own, and about one that is missing.
ANSWERS: Mapping[ObjectionTarget, frozenset[VerificationAnswer]] = {
    ObjectionTarget.RECORD: frozenset({_A.CONFIRM, _A.CORRECT, _A.DELETE, _A.REASSIGN}),
    ObjectionTarget.MISSING_RECORD: frozenset({_A.CONFIRM, _A.ADD}),
}
# Before a provider is asked: within the institution's own scope.
_OWN: Mapping[ObjectionTarget, frozenset[ObjectionOutcome]] = {
    ObjectionTarget.RECORD: frozenset({_O.CORRECTED, _O.DELETED, _O.REASSIGNED, _O.NOT_CORRECTED}),
    ObjectionTarget.MISSING_RECORD: frozenset({_O.NOT_CORRECTED}),
    ObjectionTarget.ACCESS: frozenset({_O.USE_STOPPED, _O.NOT_CORRECTED}),
    ObjectionTarget.SCORE: frozenset({_O.CORRECTED, _O.NOT_CORRECTED}),
    ObjectionTarget.EVALUATION: frozenset({_O.CORRECTED, _O.DELETED, _O.NOT_CORRECTED}),
    ObjectionTarget.INDUSTRY_RESULT: frozenset({_O.CORRECTED, _O.NOT_CORRECTED}),
}
# After it was asked; None: it has not answered. Against its confirmation the institution may still find for the
# applicant; against its admission nobody may find otherwise.
_ASKED: Mapping[VerificationAnswer | None, frozenset[ObjectionOutcome]] = {
    None: frozenset(),
    _A.CONFIRM: frozenset({_O.NOT_CORRECTED}),
    _A.CORRECT: frozenset({_O.CORRECTED}),
    _A.DELETE: frozenset({_O.DELETED}),
    _A.REASSIGN: frozenset({_O.REASSIGNED}),
    _A.ADD: frozenset({_O.ADDED}),
}
# 信用服务机构 answer for what they hold themselves; our record is not theirs to change.
_OF_AGENCY = frozenset({_O.CORRECTED, _O.DELETED, _O.USE_STOPPED, _O.NOT_CORRECTED})


@dataclass(frozen=True)
class Standing:
    """What of a case decides which answers it may have: every request that was made in it, by a filing that joined too.
    `answer` is None also where nobody was asked."""

    addressee: ObjectionAddressee
    target: ObjectionTarget
    requests: frozenset[ObjectionRequest]
    asked: bool = False
    answer: VerificationAnswer | None = None


def allowed(standing: Standing) -> frozenset[ObjectionOutcome]:
    """The outcomes that a handler may choose from."""
    if standing.addressee is ObjectionAddressee.CREDIT_SERVICE_AGENCY:
        found = _OF_AGENCY
    elif standing.asked:
        found = _ASKED[standing.answer]
        if standing.target is ObjectionTarget.RECORD and standing.answer in (None, _A.CONFIRM):
            found |= {_O.DELETED}
    else:
        found = _OWN[standing.target]
    right = not standing.asked or standing.answer is _A.CONFIRM
    only_explained = standing.requests == {ObjectionRequest.EXPLAIN}
    return found | {_O.EXPLAINED} if only_explained and right else found


def needs_approval(addressee: ObjectionAddressee, outcome: ObjectionOutcome) -> bool:
    """Whether somebody else of the institution has to agree first."""
    return outcome is _O.NOT_CORRECTED and addressee is ObjectionAddressee.CREDIT_INSTITUTION


def is_said(row: Any) -> bool:
    """Whether a case's answer is one: a refusal that waits for its second person is none yet, and may never be."""
    if row.outcome is None or row.approved_at is not None:
        return True
    return not needs_approval(ObjectionAddressee(row.addressee), ObjectionOutcome(row.outcome))


def may_forward(addressee: ObjectionAddressee, target: ObjectionTarget) -> bool:
    """Whether there is a provider to ask: of records only, and only the institution asks."""
    return addressee is ObjectionAddressee.CREDIT_INSTITUTION and target in ANSWERS
