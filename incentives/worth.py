"""What a benefit was worth in yuan, as far as it can be said in money. Pure.

CHOICE: a discount is worth its percentage of the order, a waived fee its figure, but never more than the order. For a
deposit not taken, days, a place in the queue or a gift there is no sum that could be settled.
"""

from decimal import ROUND_HALF_UP, Decimal

from incentives.kinds import BenefitKind

_CENT = Decimal("0.01")


def in_yuan(kind: BenefitKind, figure: Decimal | None, order_yuan: Decimal | None) -> Decimal | None:
    """The worth of one redemption, to the cent; None where it has no sum, or the sale's amount was not told."""
    if figure is None:
        return None
    if kind is BenefitKind.FEE_WAIVER:
        return _cents(figure if order_yuan is None else min(figure, order_yuan))
    if kind is BenefitKind.DISCOUNT and order_yuan is not None:
        return _cents(min(order_yuan * figure / 100, order_yuan))
    return None


def _cents(yuan: Decimal) -> Decimal:
    return yuan.quantize(_CENT, ROUND_HALF_UP)
