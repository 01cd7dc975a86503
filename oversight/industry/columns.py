"""A sheet of a department's own indicators: which columns it has, and what a row of it may say. Pure.

Its columns are the unified code and each OWN indicator's code, and no other: what the scorecard does not look at is not
taken. An empty cell is no value. A code that falls into no bin is refused here, so that no free text is ever kept.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from core.identity import BadIdentity, IdentityType, parse
from oversight.industry import forbidden
from oversight.industry.scorecards import Indicator, IndicatorSource, Scorecard, Value

WHOSE = "统一社会信用代码"
_OWN = frozenset({IndicatorSource.OWN_NUMBER, IndicatorSource.OWN_CODE})
_LONGEST_NAME = 30
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


class Fault(NamedTuple):
    """What is wrong with a sheet's header, and of what."""

    code: str
    of: str


class Wrong(Exception):
    """A row cannot be taken: `code`, and which indicator's value it is."""

    def __init__(self, code: str, indicator: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.indicator = indicator


class Said(NamedTuple):
    """What one row says: whose it is by unified code, and the values that it has, as one text."""

    code: str
    text: str


def own(card: Scorecard) -> Mapping[str, Indicator]:
    """The indicators that are the department's own, by code."""
    return {one.code: one for one in card.indicators if one.source in _OWN}


def fault(card: Scorecard, names: Sequence[str]) -> Fault | None:
    """The first thing that is wrong with a header."""
    wanted = {WHOSE, *own(card)}
    for name in names:
        banned = forbidden.found_in(name)
        if banned is not None:
            return Fault("FORBIDDEN_ATTRIBUTE", forbidden.REASONS[banned])
        if name not in wanted:
            return Fault("COLUMN_UNKNOWN", name[:_LONGEST_NAME])
        if names.count(name) > 1:
            return Fault("COLUMN_TWICE", name)
    lacking = sorted(wanted - set(names))
    return Fault("COLUMN_MISSING", lacking[0]) if lacking else None


def said(indicators: Mapping[str, Indicator], cells: Mapping[str, str], *, today: date, invented: bool) -> Said:
    """A row under a header without fault, of these `own` indicators; raises `Wrong`. `invented`: a demonstration takes
    its own region's numbers and no others, and nobody else takes them."""
    try:
        number = parse(IdentityType.USCC, cells[WHOSE], today=today)
    except BadIdentity:
        raise Wrong("CODE_INVALID") from None
    if number.invented is not invented:
        raise Wrong("CODE_REAL" if invented else "CODE_INVALID")
    values = {code: _value(one, cells[code].strip()) for code, one in indicators.items() if cells[code].strip()}
    return Said(number.number, json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def read(card: Scorecard, text: str) -> dict[str, Value]:
    """A row's values as the scorecard takes them."""
    indicators = own(card)
    return {
        code: Decimal(value) if indicators[code].source is IndicatorSource.OWN_NUMBER else value
        for code, value in json.loads(text).items()
    }


def _value(indicator: Indicator, cell: str) -> str:
    if indicator.source is IndicatorSource.OWN_CODE:
        if cell not in {bin_.value for bin_ in indicator.bins}:
            raise Wrong("VALUE_UNKNOWN", indicator.code)
    elif not _NUMBER.fullmatch(cell):
        raise Wrong("VALUE_NOT_A_NUMBER", indicator.code)
    return cell
