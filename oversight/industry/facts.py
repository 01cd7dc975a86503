"""What an organisation's record and evaluation are to a scorecard: its values of the indicators that are not the
department's own. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.moments import day_of
from credit.surveying import Fact, Standing
from grants.scope import RecordCategory
from oversight.industry.scorecards import Indicator, IndicatorSource, Scorecard, Value


@dataclass(frozen=True)
class Read:
    """The values by indicator; which of them rest on what was contested; and of how many records they are."""

    values: Mapping[str, Value]
    contested: Collection[str]
    records: int


def categories(card: Scorecard) -> Collection[RecordCategory]:
    """Which kinds of records a scorecard looks at."""
    return {one.category for one in card.indicators if one.category is not None}


def read(card: Scorecard, standing: Standing, *, as_of: datetime) -> Read:
    """An organisation's values at an instant. Of records it has always a number; without an evaluation it has no
    grade. What is contested counts as it stands, and is said to be contested."""
    values: dict[str, Value] = {}
    contested: set[str] = set()
    counted: set[int] = set()
    for one in card.indicators:
        if one.source is IndicatorSource.RECORD_FACT:
            places = [place for place, fact in enumerate(standing.facts) if _counts(one, fact, day_of(as_of))]
            values[one.code] = Decimal(len(places))
            counted.update(places)
            if any(standing.facts[place].contested for place in places):
                contested.add(one.code)
        elif one.source is IndicatorSource.EVALUATION and standing.graded is not None:
            values[one.code] = standing.graded.grade.value
            if standing.graded.contested:
                contested.add(one.code)
    return Read(values, contested, len(counted))


def _counts(indicator: Indicator, fact: Fact, on: date) -> bool:
    alike = (fact.category, fact.nature) == (indicator.category, indicator.nature)
    return alike and _years_before(on, indicator.years or 0) < fact.on <= on


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
