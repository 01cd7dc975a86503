"""A key that stands twice in one file is warned of each time but the first, however the file is cut into batches."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.house import House
from core.identity import IdentityType, parse
from core.vault import Ahead
from credit.amending import Act
from credit.kinds import SubjectKind
from intake import layouts
from intake.drafts import AmendmentDraft, Draft, SubjectDraft
from intake.files import Row
from intake.reading import Batch
from intake.repeats import Repeats
from tests.harness.intake_rows import TODAY, person, vault
from tests.harness.provider_files import counts, load, penalty, write

_VAULT = vault()
_PEOPLE = [parse(IdentityType.RESIDENT_ID, person(number=number), today=TODAY) for number in (1, 2, 3)]


def _subject(index: int) -> Draft:
    return SubjectDraft(_PEOPLE[index], "某", SubjectKind.NATURAL_PERSON)


def _amendment(index: int) -> Draft:
    return AmendmentDraft(Act.WITHDRAW, "penalty", "1号", _PEOPLE[index], "某", None, None)


def _cut(drafts: list[Draft], size: int) -> tuple[list[list[int]], list[int]]:
    """The lines of each part, and those that are warned of."""
    repeats, lines, warned = Repeats(), list[list[int]](), list[int]()
    rows = [(Row(line, (), [], None), draft) for line, draft in enumerate(drafts)]
    for begin in range(0, len(rows), size):
        batch = Batch(Ahead(_VAULT))
        for row, draft in rows[begin : begin + size]:
            batch.add(row, draft, repeats)
        lines += [[row.line for row, _ in part] for part in batch.parts]
        assert {finding.code for finding in batch.found} <= {"REPEATED_IN_FILE"}
        warned += [finding.line for finding in batch.found]
    repeats.close()
    return lines, warned


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2), max_size=8), st.booleans())
def test_what_is_found_is_the_same_at_every_size(keys: list[int], amended: bool) -> None:
    drafts = [(_amendment if amended else _subject)(key) for key in keys]
    again = [line for line, key in enumerate(keys) if key in keys[:line]]
    for size in range(1, len(keys) + 2):
        parts, warned = _cut(drafts, size)
        assert warned == ([] if amended else again)
        assert [line for part in parts for line in part] == list(range(len(keys)))
        assert all(len({keys[line] for line in part}) == len(part) for part in parts)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_load_finds_the_same_at_every_size(house: House, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", layouts.PENALTY, [penalty(number) for number in ("甲", "乙", "甲", "乙", "甲")])
    results = [await load(house, path, batch=size) for size in range(1, 6)]
    assert [counts(result) for result in results] == [(2, 0, 3, 0), *[(0, 0, 5, 0)] * 4]
    assert [result.findings["REPEATED_IN_FILE"] for result in results] == [3] * 5
