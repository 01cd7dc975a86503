"""A grant's states and what leads from one to another. Pure: the table is the rule, and terminal is terminal.

EXPIRED, EXHAUSTED and LAPSED also come by themselves: `rules.status_at` computes them, and nothing starts from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from grants.scope import GrantEndedBy, GrantStatus


class GrantAct(Enum):
    """What is done to a grant."""

    REQUEST = "REQUEST"
    ISSUE = "ISSUE"
    APPROVE = "APPROVE"
    REJECT = "REJECT"
    PAUSE = "PAUSE"
    RESUME = "RESUME"
    REVOKE = "REVOKE"
    RELINQUISH = "RELINQUISH"
    MONITOR_END = "MONITOR_END"


class Side(Enum):
    """Who acts on a grant."""

    SUBJECT = "SUBJECT"
    RECIPIENT = "RECIPIENT"


class No(Enum):
    """Why an act does not happen."""

    NOT_AVAILABLE = "NOT_AVAILABLE"  # it is not this side's act
    WRONG_STATE = "WRONG_STATE"  # it does not start here


@dataclass(frozen=True)
class Step:
    """Whose act it is, from which state it leads where (None: it makes the grant), and who has ended it then."""

    by: Side
    leads: Mapping[GrantStatus | None, GrantStatus]
    ended_by: GrantEndedBy | None = None


_S = GrantStatus
STEPS: Mapping[GrantAct, Step] = {
    GrantAct.REQUEST: Step(Side.RECIPIENT, {None: _S.REQUESTED}),
    GrantAct.ISSUE: Step(Side.SUBJECT, {None: _S.ACTIVE}),
    GrantAct.APPROVE: Step(Side.SUBJECT, {_S.REQUESTED: _S.ACTIVE, _S.PARTLY_APPROVED: _S.ACTIVE}),
    GrantAct.REJECT: Step(
        Side.SUBJECT, {_S.REQUESTED: _S.REJECTED, _S.PARTLY_APPROVED: _S.REJECTED}, GrantEndedBy.SUBJECT
    ),
    GrantAct.PAUSE: Step(Side.SUBJECT, {_S.ACTIVE: _S.PAUSED}),
    GrantAct.RESUME: Step(Side.SUBJECT, {_S.PAUSED: _S.ACTIVE}),
    # What was never whole was never granted: taking one's mark back refuses it.
    GrantAct.REVOKE: Step(
        Side.SUBJECT,
        {_S.ACTIVE: _S.REVOKED, _S.PAUSED: _S.REVOKED, _S.PARTLY_APPROVED: _S.REJECTED},
        GrantEndedBy.SUBJECT,
    ),
    GrantAct.RELINQUISH: Step(
        Side.RECIPIENT,
        {
            _S.REQUESTED: _S.LAPSED,
            _S.PARTLY_APPROVED: _S.LAPSED,
            _S.ACTIVE: _S.TERMINATED,
            _S.PAUSED: _S.TERMINATED,
        },
        GrantEndedBy.RECIPIENT,
    ),
    # 贷后提示 alone: everything else of the grant stays as it is.
    GrantAct.MONITOR_END: Step(Side.SUBJECT, {_S.ACTIVE: _S.ACTIVE, _S.PAUSED: _S.PAUSED}),
}
TERMINAL = frozenset({_S.REVOKED, _S.EXPIRED, _S.EXHAUSTED, _S.REJECTED, _S.LAPSED, _S.TERMINATED})


@dataclass(frozen=True)
class Actor:
    """Who acts: for which side, which person or staff member, and in which capacity."""

    side: Side
    id: str | None
    capacity: str = field(default="SELF")


def leads(act: GrantAct, status: GrantStatus | None, by: Side, *, whole: bool = True) -> GrantStatus | No:
    """Where the act leads from here, or why it does not. `whole` is False while an organisation's mark is lacking."""
    step = STEPS[act]
    if step.by is not by:
        return No.NOT_AVAILABLE
    if status not in step.leads:
        return No.WRONG_STATE
    found = step.leads[status]
    return GrantStatus.PARTLY_APPROVED if found is GrantStatus.ACTIVE and _awaits(act) and not whole else found


def _awaits(act: GrantAct) -> bool:
    return act in (GrantAct.ISSUE, GrantAct.APPROVE)
