"""A report's pages as whoever holds them sees them: within their margins, no empty boxes, and a code that can be
scanned and says where the report is checked."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api import origin
from api.clock import now
from audit.lens import Audience, BasisKind, Lens
from core.installation import Kind
from core.moments import day_of
from credit import marks
from credit.marks import Marked, Value
from credit.typeset import forms, setting
from tests.credit.test_layouts import TABLE
from tests.harness import contesting, monitoring, reporting
from tests.harness.callers import Town
from tests.harness.pages import MM, headings, seen, shapeless
from tests.harness.reporting import squeezed, text_of
from tests.harness.snapshots import CATEGORIES, COMPANY, LINK, PERSON, printed, record, snapshot

_BROAD = {
    "title": "海津市食品安全严重失信主体名单" * 4,
    "statement": "已于当日整改完毕，并缴清罚款。" * 20,
    "objections": ["2026-11-20T01:00:00Z"],
    "items": [{"code": "x", "label": "违法事实", "value": "https://credit.example/" + "W" * 400, "masked": False}],
}
_ALL = [record(n, category=category) for n, category in enumerate(CATEGORIES)]
_CERTIFICATE = {"kind": "NO_VIOLATION_CERTIFICATE", "period": {"from": "2023-01-01", "to": "2026-06-30"}}
KINDS: dict[str, dict[str, Any]] = {
    "organisation": snapshot({**COMPANY, "name": "海津示例餐饮有限公司" * 6}, [record(50, **_BROAD), *_ALL]),
    "person": snapshot({**PERSON, "name": "古丽娜孜尔·阿卜杜热合曼·买买提明"}, [record(50, **_BROAD), *_ALL]),
    "certificate": snapshot(COMPANY, [record(50, **_BROAD), record(1)], **_CERTIFICATE),
    "certificate of nothing": snapshot(PERSON, [], **_CERTIFICATE),
}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_outside_the_margins_and_a_demonstration_says_so_on_every_page(kind: str) -> None:
    real, shown = (printed({**KINDS[kind], "demonstration": demonstration}) for demonstration in (False, True))
    said = squeezed(forms.WATERMARK)
    with seen(real) as plain, seen(shown) as marked:
        for page in (*plain, *marked):
            drawn = page.inked
            assert min(drawn.left, page.width - drawn.right) >= 17.5 * MM
            assert min(drawn.top, page.height - drawn.bottom) >= 10 * MM
        # Large words across the middle: of each page some thousands of dots are greyer.
        assert min(ours.differs(theirs) for ours, theirs in zip(plain, marked, strict=True)) > 5_000
        assert (text_of(real).count(said), text_of(shown).count(said)) == (0, len(marked))
        assert marked[0].codes() == plain[0].codes() == [LINK]
    assert shapeless(real) == shapeless(shown) == 0


def test_a_character_without_a_glyph_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    rare = snapshot({**PERSON, "name": "孙\U0002c386"}, [])
    assert shapeless(printed(rare)) == 0
    monkeypatch.setattr(setting, "printable", str)
    assert shapeless(printed(rare)) > 0


@pytest.mark.parametrize(
    ("persona", "form", "kind"),
    [
        ("company-1-legal", "organisation", "FULL"),
        ("citizen-1", "person", "FULL"),
        ("citizen-1", None, "NO_VIOLATION_CERTIFICATE"),
    ],
)
async def test_the_code_leads_to_its_check_which_follows_the_record(
    town: Town, tmp_path: Path, persona: str, form: str | None, kind: str
) -> None:
    today = day_of(now())
    period = {"from": (today - timedelta(days=1800)).isoformat(), "to": today.isoformat()} if form is None else {}
    report = await reporting.issued(town, persona, "a", kind=kind, **period)
    await reporting.print_all(town)
    pdf = (await reporting.fetch(town, persona, report["id"])).content
    with seen(pdf) as pages:
        (link,), *others = [page.codes() for page in pages]
    address, _, secret = link.partition("#")
    assert address == origin.of(town.house.settings, Kind.DEMONSTRATION) + "/check"
    number, code = secret.split(".")
    assert (number, code) == (report["number"], report["code"])
    assert not any(others)

    titles = [part["title"] for part in report["said"]["layout"]["parts"]]
    assert [title for title in headings(pdf) if "、" in title] == titles
    if form is not None:
        assert titles == [part["title"] for part in TABLE[form]["parts"]]
    assert (await reporting.check(town, number, code))["state"] == "GENUINE"
    if form is None:  # it said that there was nothing, and now there is
        assert report["recordCount"] == 0
        await monitoring.report(town, tmp_path, persona)
    else:
        await _mark(town, persona, report["said"]["records"][0]["id"])
    assert (await reporting.check(town, number, code))["state"] == "SUPERSEDED"


async def _mark(town: Town, persona: str, record_id: str) -> None:
    lens = Lens(Audience.SUBJECT, BasisKind.SELF, await contesting.subject_of(town, persona))
    async with town.house.database.writing() as unit:
        await marks.mark(unit, Value(Marked.RECORD, lens, record_id), filed_at=now(), at=now())
