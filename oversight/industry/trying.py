"""Values that somebody states, to see what a scorecard makes of them. Pure; of nobody."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from core.errors import BadCall
from oversight.industry.scorecards import NUMBERS, Scorecard, Value


def values(card: Scorecard, given: Iterable[tuple[str, Value | None]]) -> Mapping[str, Value]:
    """The values by indicator; raises `BadCall` for one that the scorecard has no indicator for, or that is a number
    where it has codes, or the other way round."""
    sources = {one.code: one.source for one in card.indicators}
    found: dict[str, Value] = {}
    for code, value in given:
        if value is None or code not in sources or code in found:
            raise BadCall("PARAMETERS_INVALID", reason=code)
        if isinstance(value, Decimal) != (sources[code] in NUMBERS):
            raise BadCall("PARAMETERS_INVALID", reason=code)
        found[code] = value
    return found
