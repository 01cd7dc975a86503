"""The table of what a no-violation certificate counts, over which days, and what a grant must cover."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from core.errors import Invalid
from credit import certificate

TABLE = yaml.safe_load(Path(__file__).with_name("certificate.yaml").read_text("utf-8"))
TODAY = date(2026, 6, 30)


@pytest.mark.parametrize("line", TABLE["records"], ids=lambda line: f"{line['category']}-{line['nature']}")
def test_what_counts(line: dict[str, Any]) -> None:
    assert certificate.counts(SimpleNamespace(category=line["category"], nature=line["nature"])) == line["counts"]


@pytest.mark.parametrize("line", TABLE["periods"], ids=lambda line: f"{line.get('from')}-{line.get('to')}")
def test_over_which_days(line: dict[str, Any]) -> None:
    def check() -> None:
        certificate.check_period(line.get("from"), line.get("to"), today=TODAY, needed=True)

    if "refused" not in line:
        check()
        return
    with pytest.raises(Invalid) as refused:
        check()
    assert [detail.code for detail in refused.value.details] == [line["refused"]]


@pytest.mark.parametrize("line", TABLE["grants"], ids=lambda line: str(len(line["categories"])))
def test_what_a_grant_must_cover(line: dict[str, Any]) -> None:
    assert list(certificate.lacking(line["categories"])) == line["lacking"]
    assert certificate.lacking(None) == ()


def test_a_whole_report_needs_no_period() -> None:
    certificate.check_period(None, None, today=TODAY, needed=False)
    certificate.check_period(date(1999, 1, 1), None, today=TODAY, needed=False)
