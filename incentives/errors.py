"""What can be said no to about offers and claims.

Refused
├── to the citizen, precisely
│   ├── NotStarted, Ended
│   ├── NotEligible          details name what is missing
│   ├── SoldOut
│   ├── PersonLimitReached
│   └── NotClaimed           used, over or void: nothing to give back
├── to the till, in one word
│   └── NotRedeemable        wrong, old, used, another's, void: one code for all of them
└── to the till, about its own receipt
    ├── AlreadyReversed
    └── ReversalWindowClosed
"""

from core.errors import Refused


class NotStarted(Refused):
    """The offer has not begun; `retry_at` says when it does."""

    code = "NOT_STARTED"


class Ended(Refused):
    """The offer is over or not running."""

    code = "ENDED"


class NotEligible(Refused):
    """The condition is not met; told to the citizen only."""

    code = "NOT_ELIGIBLE"


class SoldOut(Refused):
    """Nothing is left."""

    code = "SOLD_OUT"


class PersonLimitReached(Refused):
    """This natural person has taken as many as the offer allows."""

    code = "PERSON_LIMIT_REACHED"


class NotRedeemable(Refused):
    """All that a till ever learns of a no (design §3: merchants learn one bit)."""

    code = "NOT_REDEEMABLE"


class NotClaimed(Refused):
    """The claim is used, over or void."""

    code = "NOT_CLAIMED"


class AlreadyReversed(Refused):
    """The redemption was undone before."""

    code = "ALREADY_REVERSED"


class ReversalWindowClosed(Refused):
    """The day in which it could be undone is over."""

    code = "REVERSAL_WINDOW_CLOSED"
