"""How wide a share may be (Art. 5: 根据需要): a need, a basis, few kinds, an area, an end. Pure.

Whoever could ask for everything would have a copy of everything. What is too wide is refused before anybody reads it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import Detail
from credit.kinds import SubjectKind
from grants.scope import RecordCategory

# CHOICE: of the thirteen kinds; more is no need, but a copy.
MOST_CATEGORIES = 4
# CHOICE: of all that one organ's shares hold together, so that several are no copy either.
MOST_TOGETHER = 6
# CHOICE: of a city's sixteen districts, by one share; and by all that hold people together, to one organ.
MOST_DISTRICTS = 5
# CHOICE: a need that lasts longer is asked for again, and looked at again.
LONGEST = timedelta(days=365)
# CHOICE: of people only what authorities did to them, the lists of serious dishonesty, and what they committed to.
OF_PEOPLE = frozenset({RecordCategory.ADMINISTRATIVE, RecordCategory.SERIOUS_DISHONESTY, RecordCategory.COMMITMENT})
LONGEST_NEED, LONGEST_INSTRUMENT, LONGEST_ARTICLE = 200, 200, 60


@dataclass(frozen=True)
class Held:
    """What an organ asked for or holds already, by the names of kinds and by codes."""

    categories: Collection[str]
    kinds: Collection[str]
    districts: Collection[str]


@dataclass(frozen=True)
class Wanted:
    """What an organ asks for: why, by which instrument and article, which kinds of whose records, of which districts
    (行政区划代码) or of the whole city, and until which day, which counts."""

    need: str
    instrument: str
    article: str
    categories: Collection[RecordCategory]
    kinds: Collection[SubjectKind]
    districts: Collection[str]
    whole_city: bool
    valid_until: date

    @property
    def has_people(self) -> bool:
        """Whether natural persons are in it."""
        return SubjectKind.NATURAL_PERSON in self.kinds

    def faults(self, today: date, known: Collection[str]) -> list[Detail]:
        """Every rule it breaks by itself, by the input's path; `known` are the codes of the city's districts."""
        rules = (*_said(self), *_wide(self, known), *_timely(self.valid_until, today))
        return [Detail((path,), code, limit) for path, code, limit, broken in rules if broken]

    def faults_beside(self, held: Sequence[Held]) -> list[Detail]:
        """Every rule it breaks with what its organ asked for or holds already."""
        categories = {one for beside in held for one in beside.categories}
        people = [beside for beside in held if SubjectKind.NATURAL_PERSON.value in beside.kinds]
        districts = {one for beside in people for one in beside.districts}
        many = len(categories | {one.value for one in self.categories}) > MOST_TOGETHER
        wide = self.has_people and len(districts | set(self.districts)) > MOST_DISTRICTS
        rules = (
            ("categories", "TOO_MANY_TOGETHER", str(MOST_TOGETHER), many),
            ("districts", "TOO_MANY_DISTRICTS_TOGETHER", str(MOST_DISTRICTS), wide),
        )
        return [Detail((path,), code, limit) for path, code, limit, broken in rules if broken]


_Rule = tuple[str, str, str | None, bool]


def _said(wanted: Wanted) -> list[_Rule]:
    texts = (
        ("need", wanted.need, LONGEST_NEED),
        ("instrument", wanted.instrument, LONGEST_INSTRUMENT),
        ("article", wanted.article, LONGEST_ARTICLE),
    )
    return [(path, "LENGTH", f"1..{most}", not _fits(text, most)) for path, text, most in texts]


def _wide(wanted: Wanted, known: Collection[str]) -> list[_Rule]:
    categories, districts = set(wanted.categories), set(wanted.districts)
    beyond = wanted.has_people and bool(categories - OF_PEOPLE)
    of_people = ", ".join(sorted(category.value for category in OF_PEOPLE))
    return [
        ("categories", "EMPTY", None, not categories),
        ("categories", "TOO_MANY", str(MOST_CATEGORIES), len(categories) > MOST_CATEGORIES),
        ("categories", "NOT_OF_PEOPLE", of_people, beyond),
        ("kinds", "EMPTY", None, not wanted.kinds),
        ("wholeCity", "WHOLE_CITY_OF_PEOPLE", None, wanted.whole_city and wanted.has_people),
        ("districts", "NOT_WANTED", None, wanted.whole_city and bool(districts)),
        ("districts", "EMPTY", None, not wanted.whole_city and not districts),
        ("districts", "TOO_MANY", str(MOST_DISTRICTS), len(districts) > MOST_DISTRICTS),
        ("districts", "DISTRICT_CODE", None, not districts <= set(known)),
    ]


def _timely(until: date, today: date) -> list[_Rule]:
    return [
        ("validUntil", "DAY_PASSED", None, until < today),
        ("validUntil", "TERM_TOO_LONG", str(LONGEST.days), until > today + LONGEST),
    ]


def _fits(text: str, most: int) -> bool:
    return 1 <= len(text.strip()) <= most and text.strip().isprintable()
