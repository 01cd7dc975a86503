"""Every table that is about a subject is in a copy of everything about them, or left out for a reason that is given."""

import pytest

from api.exporting import _SHOWN
from core.database import metadata
from schema.exporting import LEFT_OUT, PARTS
from schema.policy import ENTRIES
from tests.harness import exporting
from tests.harness.callers import Town
from tests.harness.noting import noted

_WHOSE = {"subject_id", "person_id", "owner_id"}
_OF = {name for part in PARTS for name in part.tables}
# They hang on nothing that is a subject's, and are read with what is.
_BESIDE = {"consent_notice", "look_shape"}


def _about_subjects() -> set[str]:
    """Tables that name a subject or a person, and those that hang on them, however far."""
    found = {"subject"} | {name for name, table in metadata.tables.items() if _WHOSE & set(table.c.keys())}
    while True:
        hanging = {
            name
            for name, table in metadata.tables.items()
            if {key.column.table.name for key in table.foreign_keys} & found
        }
        if hanging <= found:
            return found
        found |= hanging


def test_every_table_about_a_subject_is_exported_or_left_out_for_a_reason() -> None:
    assert not _OF & set(LEFT_OUT)
    assert _about_subjects() == (_OF - _BESIDE) | set(LEFT_OUT)
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())


def test_the_look_that_making_one_is_names_fields_that_exist() -> None:
    assert set(_SHOWN.fields) <= set(ENTRIES)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_part_reads_the_tables_that_it_answers_for(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await town.redeem(await town.code("citizen-1", key="c"), key="r")
    statements = noted(monkeypatch)
    await exporting.exported(town, "citizen-1")
    assert {name for name in _OF if not any(name in statement for statement in statements)} == set()
