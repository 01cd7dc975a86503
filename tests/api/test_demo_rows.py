"""What the invented city's providers say: every class of the catalogue, believably rare, the same each time, all of it
taken by the intake."""

from collections import Counter
from datetime import date

from api.demo import files, further, story
from api.demo.files import Plan
from api.demo.places import PROVIDERS
from api.demo.records import Sent
from credit import catalogue
from credit.kinds import RecordNature
from intake import drafts
from intake.checks import Sender
from intake.drafts import Surroundings
from intake.layouts import LayoutName

_PLAN = Plan(2000, 400, 1, date(2026, 11, 20))


def _rows(plan: Plan) -> list[list[Sent]]:
    """What is sent of each subject."""
    everyone = files._everyone(plan)
    return [list(story.records_of(someone, index, plan.seed, plan.as_of)) for index, someone in everyone]


def test_every_class_is_sent_and_what_counts_against_one_is_rare() -> None:
    city = _rows(_PLAN)
    sent = Counter(row.layout.name for rows in city for row in rows)
    assert set(sent) == {LayoutName.PENALTY, LayoutName.LICENCE, LayoutName.HONOUR, *further.NAMES}
    known = catalogue.in_force(_PLAN.as_of)
    assert known is not None
    adverse = {kind for kind, entry in known.entries.items() if entry.nature is RecordNature.ADVERSE}
    assert sum(any(row.layout.name.value in adverse for row in rows) for rows in city) < 0.05 * len(city)
    people = city[: _PLAN.citizens]
    assert sum(len(rows) <= 2 for rows in people) > 0.9 * len(people)


def test_the_same_seed_says_the_same_and_every_row_is_a_good_one() -> None:
    once, twice = (_rows(Plan(300, 300, 5, _PLAN.as_of)) for _ in range(2))
    assert once == twice
    known = catalogue.in_force(_PLAN.as_of)
    kinds = {provider.code: provider for provider in PROVIDERS}
    for row in (row for rows in once for row in rows if row.layout.name in further.NAMES):
        provider = kinds[row.provider]
        sender = Sender(provider.kind, frozenset(name.value for name in provider.layouts), None)
        around = Surroundings(_PLAN.as_of, True, known, sender, {7: date(2000, 1, 1)})
        values = {header: row.values.get(header, "") for header in row.layout.headers}
        found: list[object] = []
        assert drafts.read(row.layout, 2, values, around, found) is not None, (row, found)  # type: ignore[arg-type]
        assert set(row.values) <= set(row.layout.headers)


def test_before_the_catalogue_had_a_class_nobody_sends_it() -> None:
    sent = {row.layout.name for rows in _rows(Plan(200, 100, 1, date(2025, 6, 1))) for row in rows}
    assert sent == {LayoutName.PENALTY, LayoutName.LICENCE, LayoutName.HONOUR}
