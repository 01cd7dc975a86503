"""What can be said no to about offers and claims.

Refused
├── to the citizen, precisely
│   ├── NotStarted, Ended
│   ├── NotEligible          details name what is missing
│   ├── SoldOut
│   ├── BudgetExhausted      the money for it is held or spent
│   ├── PersonLimitReached
│   ├── TooManyDeferrals     so many 免押 and 先享后付 are taken or open that another waits
│   ├── NotClaimed           used, over or void: nothing to give back
│   └── OfflineCodeOut       a till may have taken it already: it is as it is until that is known
├── to the merchant and the institution, about an offer
│   ├── StockCommitted       fewer than are claimed already
│   └── BudgetCommitted      less than is held and spent already
├── to the till, in one word
│   └── NotRedeemable        wrong, old, used, another's, void: one code for all of them
├── to the till, about the order
│   └── NotCombinable        the code is good, and not in one order with what was used in it
├── to the till, about itself
│   └── TooManyWrongCodes    it has shown so many that it waits; whether this one is good is not looked at
└── to the till, about its own receipt
    ├── AlreadyReversed
    ├── DeferralFinished     what was finished is not undone
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


class BudgetExhausted(Refused):
    """The money for it, or the chosen store's part, is held by others or spent."""

    code = "BUDGET_EXHAUSTED"


class PersonLimitReached(Refused):
    """This natural person has taken as many as the offer allows."""

    code = "PERSON_LIMIT_REACHED"


class TooManyDeferrals(Refused):
    """This natural person has as many deferrals taken and open as one may have at once."""

    code = "TOO_MANY_DEFERRALS"


class StockCommitted(Refused):
    """An offer's stock is never below what people have taken of it."""

    code = "STOCK_COMMITTED"


class BudgetCommitted(Refused):
    """An offer's budget is never below what is held and spent of it."""

    code = "BUDGET_COMMITTED"


class NotCombinable(Refused):
    """The offer is not used in one order with another that was used in it; the code stays good."""

    code = "NOT_COMBINABLE"


class NotRedeemable(Refused):
    """All that a till ever learns of a no (design §3: merchants learn one bit)."""

    code = "NOT_REDEEMABLE"


class TooManyWrongCodes(Refused):
    """The till waits until `retry_at`; no citizen's claim is touched."""

    code = "TOO_MANY_WRONG_CODES"


class NotClaimed(Refused):
    """The claim is used, over or void."""

    code = "NOT_CLAIMED"


class OfflineCodeOut(Refused):
    """A code for tills without a network is out; until `retry_at` one may bring it, and the claim stays as it is."""

    code = "OFFLINE_CODE_OUT"


class AlreadyReversed(Refused):
    """The redemption was undone before."""

    code = "ALREADY_REVERSED"


class DeferralFinished(Refused):
    """What the redemption opened is finished: nothing is left to be undone."""

    code = "DEFERRAL_FINISHED"


class ReversalWindowClosed(Refused):
    """The day in which it could be undone is over."""

    code = "REVERSAL_WINDOW_CLOSED"
