"""Yuan and cents. Yuan are what is said; cents are what is counted, since whole numbers add exactly anywhere. Pure."""

from decimal import Decimal


def cents(yuan: Decimal) -> int:
    """A sum of yuan with at most two places in whole cents."""
    return int(yuan.scaleb(2))


def yuan(cents: int | Decimal) -> Decimal:
    """A sum of cents in yuan; databases add whole numbers exactly, whatever they make of fractions."""
    return Decimal(int(cents)).scaleb(-2)
