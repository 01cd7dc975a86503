"""Nothing outside the catalogue in force can be recorded; every class has an entry; every item has an audience."""

from datetime import date

import pytest
from sqlalchemy import text

from audit.lens import Audience
from credit import catalogue
from credit.catalogue import VERSIONS, Sensitivity, shown_to
from grants.scope import RecordCategory
from intake.drafts import RecordDraft, read
from intake.findings import Finding
from intake.forms import FORMS
from intake.layouts import LAYOUTS, LayoutName
from tests.harness.callers import Town
from tests.harness.intake_rows import LAYOUT, filled, surroundings

NEWEST = catalogue.in_force(date(2026, 11, 23))
assert NEWEST is not None


@pytest.mark.parametrize("name", FORMS)
def test_a_full_row_of_each_kind_has_every_item_of_its_entry_and_no_other(name: LayoutName) -> None:
    found: list[Finding] = []
    draft = read(LAYOUT[name], 2, filled(name), surroundings(), found)
    assert isinstance(draft, RecordDraft), found
    assert set(draft.content.items) == {item.code for item in NEWEST.entries[name.value].items}
    assert draft.content.catalogue == NEWEST.version


def test_each_of_the_thirteen_classes_can_be_sent() -> None:
    assert {entry.category for entry in NEWEST.entries.values()} == set(RecordCategory)
    assert set(NEWEST.entries) == {name.value for name in FORMS}
    assert {layout.name.value for layout in LAYOUTS} >= set(NEWEST.entries)
    for name, form in FORMS.items():
        headers = {*LAYOUT[name].headers}
        assert {form.document, form.occurred, form.authority, form.name, form.region} <= headers
        assert {item.label for item in NEWEST.entries[name.value].items} <= headers
        assert NEWEST.entries[name.value].date_label == form.occurred


def test_what_the_version_in_force_does_not_know_is_rejected() -> None:
    found: list[Finding] = []
    before = surroundings(today=date(2025, 12, 31))
    assert read(LAYOUT[LayoutName.JUDGMENT], 2, filled(LayoutName.JUDGMENT), before, found) is None
    assert [finding.code for finding in found] == ["NOT_IN_CATALOGUE"]
    assert catalogue.in_force(date(2024, 11, 5)) is None


@pytest.mark.parametrize("version", VERSIONS)
def test_each_wider_audience_sees_no_more(version: str) -> None:
    for kind, entry in VERSIONS[version].entries.items():
        public, recipient, subject = (
            {item.code for item in shown_to(audience, version, kind)}
            for audience in (Audience.PUBLIC, Audience.RECIPIENT, Audience.SUBJECT)
        )
        assert public == {item.code for item in entry.items if item.audience is Audience.PUBLIC}
        assert recipient == {item.code for item in entry.items if item.audience is not Audience.SUBJECT}
        assert subject == {item.code for item in entry.items}


@pytest.mark.parametrize("version", VERSIONS)
def test_sensitive_items_are_masked_to_others_and_never_public(version: str) -> None:
    for kind, entry in VERSIONS[version].entries.items():
        for item in entry.items:
            if item.sensitivity is Sensitivity.SENSITIVE:
                assert item.audience is not Audience.PUBLIC
        assert not any(item.masked for item in shown_to(Audience.SUBJECT, version, kind))


async def test_a_record_keeps_the_meaning_of_its_version(town: Town) -> None:
    """The city's records are of the version in force; one of an earlier version goes on being read by that one."""
    document = "{ me { records { edges { node { dateLabel items { code label } } } } } }"
    before = await town.data("citizen-9", document)
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE record SET catalogue = '2026-1' WHERE kind IN ('penalty', 'licence', 'honour')"))
    assert await town.data("citizen-9", document) == before
