"""Every table that is about a subject has a rule for two subjects that turn out to be one."""

from pathlib import Path

from api.merging import RULES
from tests.harness.servers import ROOT
from tests.house.test_export import _about_subjects

_ADR = ROOT / "docs/adr/0114-two-subjects-are-one.md"


def test_every_table_about_a_subject_has_a_rule() -> None:
    assert set(RULES) == _about_subjects() | {"trail_joined"}


def test_the_decision_lists_every_rule() -> None:
    said = Path(_ADR).read_text("utf-8")
    assert [name for name in RULES if f"`{name}`" not in said] == []
