"""What can be said no to when something is contested.

Refused
├── CaseClosed           the objection is over: decided and told, or withdrawn
├── WrongStep            it is not over, and the act does not start from where it stands
├── NotOpened            a handler acts on a case that they have not opened, with their statement of no conflict
├── Conflicted           the handler entered, verified or filed what is contested
├── TakenByAnother       another handler has the case
├── ForwardedTooLate     the three days are over: the case stays in the institution's own scope, and late
├── ApprovalNeeded       a refusal waits for somebody else's word
├── TooManyObjections    so many of this subject are open that the answers come first
├── LetterNotReady       the letter is still being set
└── StopOverlaps         the clock stands for this cause already
"""

from core.errors import Refused


class CaseClosed(Refused):
    """Nothing more happens to it; a new objection may be filed."""

    code = "CASE_CLOSED"


class WrongStep(Refused):
    """The act does not start from the state the objection is in."""

    code = "WRONG_STEP"


class NotOpened(Refused):
    """A case is handled by who has opened it."""

    code = "CASE_NOT_OPENED"


class Conflicted(Refused):
    """Who entered or verified what is contested does not handle the objection to it."""

    code = "CONFLICT_OF_INTEREST"


class TakenByAnother(Refused):
    """One handler at a time."""

    code = "CASE_TAKEN"


class ForwardedTooLate(Refused):
    """A provider is asked before the three-day date, or not at all."""

    code = "FORWARDED_TOO_LATE"


class ApprovalNeeded(Refused):
    """Who proposed a refusal does not approve it."""

    code = "APPROVAL_NEEDED"


class TooManyObjections(Refused):
    """What is open is answered first."""

    code = "TOO_MANY_OBJECTIONS"


class StopOverlaps(Refused):
    """One stop for one cause at a time."""

    code = "STOP_OVERLAPS"


class LetterNotReady(Refused):
    """It is there some moments after the answer."""

    code = "LETTER_NOT_READY"
