"""An objection's life and whose act leads where. Pure: the table is the rule, and what has ended stays ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from objections.kinds import ObjectionStatus, Side


class ObjectionAct(StrEnum):
    """What is done in a case."""

    FILE = "FILE"
    JOIN = "JOIN"
    SUPPLEMENT = "SUPPLEMENT"
    SAY = "SAY"
    WITHDRAW = "WITHDRAW"
    OPEN = "OPEN"
    REASSIGN = "REASSIGN"
    FORWARD = "FORWARD"
    VERIFY = "VERIFY"
    STOP = "STOP"
    RESUME = "RESUME"
    DECIDE = "DECIDE"
    APPROVE = "APPROVE"
    RETURN = "RETURN"
    PRINT = "PRINT"  # the letter, at the counter
    TELL = "TELL"
    LAPSE = "LAPSE"  # the provider was silent on the last day


@dataclass(frozen=True)
class Step:
    """Whose act it is, and from which states it may begin; `leads` names the next state, None leaves it."""

    by: tuple[Side, ...]
    starts: tuple[ObjectionStatus, ...]
    leads: ObjectionStatus | None = None


_S = ObjectionStatus
_RUNNING = (_S.FILED, _S.FORWARDED)
_BEFORE_ANSWER = (*_RUNNING, _S.STOPPED)
_OPEN = (*_BEFORE_ANSWER, _S.DECIDED)
# FILE makes a case and starts from none. RESUME leads back to where the stop began; DECIDE leads on to CLOSED at once
# when nobody has to approve and the app itself tells the applicant; RETURN leads to where the decision began.
# PRINT is done wherever there is a letter, and leads nowhere.
STEPS: Mapping[ObjectionAct, Step] = {
    ObjectionAct.FILE: Step((Side.APPLICANT,), (), _S.FILED),
    ObjectionAct.JOIN: Step((Side.APPLICANT,), _BEFORE_ANSWER),
    ObjectionAct.SUPPLEMENT: Step((Side.APPLICANT,), _BEFORE_ANSWER),
    ObjectionAct.SAY: Step((Side.APPLICANT, Side.HANDLER, Side.PROVIDER), _OPEN),
    ObjectionAct.WITHDRAW: Step((Side.APPLICANT,), _BEFORE_ANSWER, _S.WITHDRAWN),
    ObjectionAct.OPEN: Step((Side.HANDLER,), _BEFORE_ANSWER),
    ObjectionAct.REASSIGN: Step((Side.HANDLER, Side.APPROVER), _BEFORE_ANSWER),
    ObjectionAct.FORWARD: Step((Side.HANDLER,), (_S.FILED,), _S.FORWARDED),
    ObjectionAct.VERIFY: Step((Side.PROVIDER,), (_S.FORWARDED, _S.STOPPED)),
    ObjectionAct.STOP: Step((Side.HANDLER,), _BEFORE_ANSWER, _S.STOPPED),
    ObjectionAct.RESUME: Step((Side.HANDLER,), (_S.STOPPED,)),
    ObjectionAct.DECIDE: Step((Side.HANDLER,), _RUNNING, _S.DECIDED),
    ObjectionAct.APPROVE: Step((Side.APPROVER,), (_S.DECIDED,)),
    ObjectionAct.RETURN: Step((Side.APPROVER,), (_S.DECIDED,)),
    ObjectionAct.TELL: Step((Side.HANDLER,), (_S.DECIDED,), _S.CLOSED),
    ObjectionAct.LAPSE: Step((Side.CLOCK,), (_S.FORWARDED,), _S.DECIDED),
}
