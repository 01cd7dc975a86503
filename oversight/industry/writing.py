"""A scorecard as bytes and back: canonical JSON, so that the same scorecard always has the same hash. Pure."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from credit.kinds import RecordNature
from grants.scope import RecordCategory
from oversight.industry.scorecards import Bin, Grade, Indicator, IndicatorSource, Scorecard


def written(card: Scorecard) -> str:
    """The scorecard as text; 1, 1.0 and 1.00 are written alike."""
    content = {
        "name": card.name,
        "instrument": card.instrument,
        "indicators": [_indicator(one) for one in card.indicators],
        "classes": [{"code": one.code, "start": _number(one.start)} for one in card.classes],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    """What a review, and whatever rests on it, is of."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Scorecard:
    """What `written` wrote."""
    content = json.loads(text)
    indicators = tuple(_read_indicator(one) for one in content["indicators"])
    classes = tuple(Grade(one["code"], _decimal(one["start"])) for one in content["classes"])
    return Scorecard(content["name"], content["instrument"], indicators, classes)


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        "code": one.code,
        "label": one.label,
        "description": one.description,
        "source": one.source.value,
        "weight": _number(one.weight),
        "missing": _number(one.missing),
        "category": one.category.value if one.category else None,
        "nature": one.nature.value if one.nature else None,
        "years": one.years,
        "bins": [
            {"start": _number(b.start), "value": b.value, "points": _number(b.points), "reason": b.reason}
            for b in one.bins
        ],
    }


def _read_indicator(one: dict[str, Any]) -> Indicator:
    return Indicator(
        code=one["code"],
        label=one["label"],
        description=one["description"],
        source=IndicatorSource(one["source"]),
        weight=Decimal(one["weight"]),
        missing=Decimal(one["missing"]),
        category=RecordCategory(one["category"]) if one["category"] else None,
        nature=RecordNature(one["nature"]) if one["nature"] else None,
        years=one["years"],
        bins=tuple(
            Bin(Decimal(b["points"]), b["reason"], start=_decimal(b["start"]), value=b["value"]) for b in one["bins"]
        ),
    )


def _number(value: Decimal | None) -> str | None:
    """Without the zeros that do not count, and without a sign on nought."""
    return None if value is None else format((value + 0).normalize(), "f")


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
