"""Nothing outside the catalogue can be recorded, and every item has an audience."""

from datetime import date

from audit.lens import Audience
from credit.catalogue import ITEMS, Sensitivity, shown_to
from intake import layouts
from intake.drafts import READERS, RecordDraft, Surroundings
from intake.layouts import LayoutName

_FILLED = {
    layouts.KIND: "自然人",
    layouts.IDENTITY_TYPE: "身份证",
    "罚款金额（万元）": "1",
    "没收违法所得、没收非法财物的金额（万元）": "1",
}


def _draft(name: LayoutName) -> RecordDraft:
    from stdnum.cn import ric

    number = "12990119800101001"
    layout = next(layout for layout in layouts.LAYOUTS if layout.name is name)
    values = dict.fromkeys(layout.headers, "填")
    values |= {header: "2026/01/01" for header in layout.headers if "日期" in header or "期" in header}
    values |= {header: value for header, value in _FILLED.items() if header in values}
    values |= {header: number + ric.calc_check_digit(f"{number}?") for header in layout.numbers}
    draft = READERS[name](values, Surroundings(date(2026, 11, 23), invented=True))
    assert isinstance(draft, RecordDraft)
    return draft


def test_every_item_a_layout_makes_is_in_the_catalogue() -> None:
    for name in (LayoutName.PENALTY, LayoutName.LICENCE, LayoutName.HONOUR):
        codes = {item.code for item in ITEMS[name.value]}
        assert set(_draft(name).content.items) == codes


def test_each_wider_audience_sees_no_more() -> None:
    for kind in ITEMS:
        public, recipient, subject = (
            {item.code for item in shown_to(audience, kind)}
            for audience in (Audience.PUBLIC, Audience.RECIPIENT, Audience.SUBJECT)
        )
        assert public == {item.code for item in ITEMS[kind] if item.audience is Audience.PUBLIC}
        assert recipient == {item.code for item in ITEMS[kind] if item.audience is not Audience.SUBJECT}
        assert subject == {item.code for item in ITEMS[kind]}


def test_sensitive_items_are_masked_to_others_and_never_public() -> None:
    for kind, items in ITEMS.items():
        for item in items:
            if item.sensitivity is Sensitivity.SENSITIVE:
                assert item.audience is not Audience.PUBLIC
        assert not any(item.masked for item in shown_to(Audience.SUBJECT, kind))
