"""Whether a scorecard can stand (Art. 9): what is wrong with it, each at its place of the input. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from core.errors import Detail
from credit.kinds import EvaluationGrade, RecordNature
from oversight.industry import forbidden
from oversight.industry.scorecards import NUMBERS, Indicator, IndicatorSource, Scorecard

MOST_INDICATORS = 40
MOST_BINS = 20
CLASSES = (2, 8)
LONGEST_YEARS = 5
MOST_POINTS = 10_000
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,19}", re.ASCII)
_LONGEST = {"name": 60, "instrument": 200, "label": 60, "description": 200, "reason": 60}
# A better grade, or more of what speaks for somebody, never gives fewer points.
_BEST_FIRST = tuple(one.value for one in EvaluationGrade)
_MISSING = "_MISSING"
_STEP = Decimal("0.01")


def faults(card: Scorecard) -> list[Detail]:
    """Everything that is wrong with it; nothing when it can be handed in."""
    return [*_heads(card), *_classes(card), *_indicators(card)]


def _heads(card: Scorecard) -> Iterator[Detail]:
    yield from _text(("name",), card.name, "name")
    yield from _text(("instrument",), card.instrument, "instrument")


def _classes(card: Scorecard) -> Iterator[Detail]:
    least, most = CLASSES
    if not least <= len(card.classes) <= most:
        yield Detail(("classes",), "COUNT", f"{least}..{most}")
    yield from _codes("classes", [one.code for one in card.classes])
    yield from _ascending(("classes",), [one.start for one in card.classes])


def _indicators(card: Scorecard) -> Iterator[Detail]:
    if not 1 <= len(card.indicators) <= MOST_INDICATORS:
        yield Detail(("indicators",), "COUNT", f"1..{MOST_INDICATORS}")
    yield from _codes("indicators", [one.code for one in card.indicators])
    if sum(one.source is IndicatorSource.EVALUATION for one in card.indicators) != 1:
        yield Detail(("indicators",), "ONE_EVALUATION")
    if sum((one.weight for one in card.indicators), Decimal(0)) != 1:
        yield Detail(("indicators",), "WEIGHTS")
    for place, one in enumerate(card.indicators):
        yield from _indicator(("indicators", str(place)), one)


def _indicator(at: tuple[str, ...], one: Indicator) -> Iterator[Detail]:
    yield from _text((*at, "label"), one.label, "label")
    yield from _text((*at, "description"), one.description, "description")
    code = forbidden.found_in(one.code, one.label, one.description, *_said(one))
    if code is not None:
        yield Detail((*at, "label"), "FORBIDDEN_ATTRIBUTE", forbidden.REASONS[code])
    if not 0 < one.weight <= 1:
        yield Detail((*at, "weight"), "RANGE", "0..1")
    yield from _figures(at, one)
    yield from _fact(at, one)
    yield from _bins(at, one)


def _said(one: Indicator) -> Iterator[str]:
    for bin_ in one.bins:
        yield bin_.reason
        yield bin_.value or ""


def _figures(at: tuple[str, ...], one: Indicator) -> Iterator[Detail]:
    """Whole hundredths, so that a sum is exact and can be written down."""
    if any(given != given.quantize(_STEP) for given in (one.weight, one.missing, *(b.points for b in one.bins))):
        yield Detail(at, "HUNDREDTHS")
    if any(abs(given) > MOST_POINTS for given in (one.missing, *(b.points for b in one.bins))):
        yield Detail((*at, "bins"), "RANGE", f"-{MOST_POINTS}..{MOST_POINTS}")


def _fact(at: tuple[str, ...], one: Indicator) -> Iterator[Detail]:
    about = (one.category, one.nature, one.years)
    if one.source is not IndicatorSource.RECORD_FACT:
        if any(part is not None for part in about):
            yield Detail((*at, "category"), "ONLY_OF_RECORDS")
    elif any(part is None for part in about):
        yield Detail((*at, "category"), "EMPTY")
    elif not 1 <= (one.years or 0) <= LONGEST_YEARS:
        yield Detail((*at, "years"), "RANGE", f"1..{LONGEST_YEARS}")


def _bins(at: tuple[str, ...], one: Indicator) -> Iterator[Detail]:
    here = (*at, "bins")
    if not 1 <= len(one.bins) <= MOST_BINS:
        yield Detail(here, "COUNT", f"1..{MOST_BINS}")
    for place, bin_ in enumerate(one.bins):
        if not CODE.fullmatch(bin_.reason) or bin_.reason.endswith(_MISSING):
            yield Detail((*here, str(place), "reason"), "CODE")
    if one.source in NUMBERS:
        yield from _numbers(here, one)
    else:
        yield from _words(here, one)


def _numbers(here: tuple[str, ...], one: Indicator) -> Iterator[Detail]:
    if any(bin_.value is not None for bin_ in one.bins):
        yield Detail(here, "NUMBERS_ONLY")
    yield from _ascending(here, [bin_.start for bin_ in one.bins])
    points = [bin_.points for bin_ in one.bins]
    if one.nature is RecordNature.ADVERSE and not _rises([*reversed(points)]):
        yield Detail(here, "NOT_MONOTONE")
    if one.nature is RecordNature.FAVOURABLE and not _rises(points):
        yield Detail(here, "NOT_MONOTONE")


def _words(here: tuple[str, ...], one: Indicator) -> Iterator[Detail]:
    words = [bin_.value for bin_ in one.bins]
    if any(bin_.start is not None for bin_ in one.bins) or any(not word for word in words):
        yield Detail(here, "WORDS_ONLY")
    elif len(set(words)) != len(words):
        yield Detail(here, "OVERLAP")
    elif one.source is IndicatorSource.EVALUATION:
        yield from _grades(here, one)


def _grades(here: tuple[str, ...], one: Indicator) -> Iterator[Detail]:
    points = {bin_.value: bin_.points for bin_ in one.bins}
    if set(points) != set(_BEST_FIRST):
        yield Detail(here, "GAP", "A, B, C, D")
    elif not _rises([points[grade] for grade in reversed(_BEST_FIRST)]):
        yield Detail(here, "NOT_MONOTONE")


def _ascending(here: tuple[str, ...], starts: Sequence[Decimal | None]) -> Iterator[Detail]:
    """The first begins nowhere, each other above the one before it."""
    if starts and starts[0] is not None:
        yield Detail(here, "GAP")
    rest = [start for start in starts[1:] if start is not None]
    if len(rest) < len(starts) - 1 or any(a >= b for a, b in pairwise(rest)):
        yield Detail(here, "OVERLAP")


def _rises(points: Sequence[Decimal]) -> bool:
    return all(a <= b for a, b in pairwise(points))


def _codes(field: str, codes: Sequence[str]) -> Iterator[Detail]:
    for place, code in enumerate(codes):
        if not CODE.fullmatch(code):
            yield Detail((field, str(place), "code"), "CODE")
        elif code in codes[:place]:
            yield Detail((field, str(place), "code"), "OVERLAP")


def _text(path: tuple[str, ...], text: str, kind: str) -> Iterable[Detail]:
    return [] if 1 <= len(text) <= _LONGEST[kind] else [Detail(path, "LENGTH", f"1..{_LONGEST[kind]}")]
