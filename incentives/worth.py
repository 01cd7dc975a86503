"""What a benefit was worth in yuan, as far as it can be said in money. Pure.

CHOICE: a discount is worth its percentage of the order, a waived fee its figure, but never more than the order, and
never more than it may be worth at most. For a deposit not taken, days, a place in the queue or a gift there is no sum
that could be settled.
"""

from decimal import ROUND_HALF_UP, Decimal

from incentives.kinds import BenefitKind

_CENT = Decimal("0.01")
# A deposit not taken and a payment that comes later cost their merchant nothing that is settled; they are what it may
# stand to lose until they are finished, and that is what a budget holds.
_COSTS = frozenset({BenefitKind.FEE_WAIVER, BenefitKind.DISCOUNT, BenefitKind.DEPOSIT_FREE, BenefitKind.PAY_LATER})


def in_yuan(
    kind: BenefitKind, figure: Decimal | None, order_yuan: Decimal | None, most_yuan: Decimal | None = None
) -> Decimal | None:
    """The worth of one redemption, to the cent; None where it has no sum, or the sale's amount was not told.

    It is never more than `most_yuan`, where that is said.
    """
    worth = None if figure is None else _uncapped(kind, figure, order_yuan)
    return worth if worth is None or most_yuan is None else min(worth, most_yuan)


def most_yuan(kind: BenefitKind, figure: Decimal | None, cap_yuan: Decimal | None) -> Decimal | None:
    """What one use costs its merchant, or puts off, at most; None where that is not said, or is no sum of money."""
    capped = {BenefitKind.DISCOUNT: cap_yuan}
    return capped.get(kind, figure) if kind in _COSTS else None


def _uncapped(kind: BenefitKind, figure: Decimal, order_yuan: Decimal | None) -> Decimal | None:
    if kind is BenefitKind.FEE_WAIVER:
        return _cents(figure if order_yuan is None else min(figure, order_yuan))
    if kind is BenefitKind.DISCOUNT and order_yuan is not None:
        return _cents(min(order_yuan * figure / 100, order_yuan))
    return None


def _cents(yuan: Decimal) -> Decimal:
    return yuan.quantize(_CENT, ROUND_HALF_UP)
