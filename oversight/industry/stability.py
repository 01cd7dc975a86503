"""How far two tables of classes lie apart (Art. 9): the population stability index, of what both tables say. Pure.

It is made of published numbers alone, so it tells no more than they do; where either withholds a class there is none.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

# CHOICE: half an organisation more in each class, so that an empty one is far from a full one and not infinitely far.
_MORE = 0.5
_STEP = Decimal("0.0001")


def index(classes: Sequence[str], before: Mapping[str, int | None], now: Mapping[str, int | None]) -> Decimal | None:
    """The sum over all classes of (q - p) * ln(q / p), with p and q a class's share then and now; to four places, never
    below nought, and nought where the shares are the same. None where a class is withheld or nobody is there."""
    one, other = _shares(classes, before), _shares(classes, now)
    if one is None or other is None:
        return None
    apart = sum((q - p) * (math.log(q) - math.log(p)) for p, q in zip(one, other, strict=True))
    return max(Decimal(repr(apart)).quantize(_STEP), Decimal(0))


def _shares(classes: Sequence[str], table: Mapping[str, int | None]) -> Sequence[float] | None:
    counts = [table.get(one) for one in classes]
    said = [one for one in counts if one is not None]
    if len(said) != len(classes) or not sum(said):
        return None
    whole = sum(said) + _MORE * len(said)
    return [(one + _MORE) / whole for one in said]
