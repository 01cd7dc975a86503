"""One good row of each layout, and what it is read against."""

from collections.abc import Mapping
from datetime import date

from stdnum.cn import ric, uscc

from core.keys import Key, KeyRings, Purpose
from core.vault import Vault
from credit import catalogue, models
from intake import layouts
from intake.checks import Sender
from intake.drafts import Surroundings
from intake.layouts import LAYOUTS, Layout, LayoutName
from parties.kinds import ProviderKind

TODAY = date(2026, 11, 23)
LAYOUT: Mapping[LayoutName, Layout] = {layout.name: layout for layout in LAYOUTS}
EVERYTHING = frozenset(name.value for name in LayoutName)
_ORGANISATIONS = {LayoutName.REGISTRATION, LayoutName.ABNORMAL_OPERATION, LayoutName.EVALUATION}
_DAYS = ("日期", "时间", "期至", "期自", "有效期", "截止期", "期限至")


def vault() -> Vault:
    """One with keys of its own, all alike."""
    return Vault(KeyRings({purpose.value: [Key("k1", "active", bytes(32))] for purpose in Purpose}))


def person(born: date = date(1980, 1, 1), number: int = 1) -> str:
    """An invented resident's number."""
    begun = f"129901{born:%Y%m%d}{number:03d}"
    return begun + ric.calc_check_digit(f"{begun}?")


def organisation(number: int = 1) -> str:
    """An invented 统一社会信用代码."""
    begun = f"91129901MA{number:07d}"
    return begun + uscc.calc_check_digit(f"{begun}?")


def surroundings(
    *,
    today: date = TODAY,
    kind: ProviderKind = ProviderKind.STATE_ORGAN,
    kinds: frozenset[str] = EVERYTHING,
    districts: frozenset[str] | None = None,
    late_before: date = date(2000, 1, 1),
    invented: bool = True,
) -> Surroundings:
    """A provider that may send everything, on a day."""
    sender = Sender(kind, kinds, districts)
    return Surroundings(today, invented, catalogue.in_force(today), sender, {7: late_before})


def filled(name: LayoutName, **changed: str) -> dict[str, str]:
    """A row in which every column says something."""
    layout = LAYOUT[name]
    values = dict.fromkeys(layout.headers, "填")
    values |= {header: "2026/01/01" for header in layout.headers if header.endswith(_DAYS)}
    values |= {header: "1.5" for header in layout.headers if header.endswith("（万元）") or "金额" in header}
    values |= {header: person() for header in layout.numbers}
    values |= {header: "129901" for header in layout.headers if header == layouts.DISTRICT}
    values |= {header: organisation() for header in layout.headers if "统一社会信用代码" in header}
    if layouts.KIND in values:
        values |= {layouts.KIND: "自然人", layouts.IDENTITY_TYPE: "身份证", layouts.REPRESENTATIVE_TYPE: "身份证"}
    elif name in _ORGANISATIONS:
        values |= {layouts.IDENTITY_TYPE: "统一社会信用代码", layouts.IDENTITY_NUMBER: organisation()}
    else:
        values |= {layouts.IDENTITY_TYPE: "身份证"}
    if name is LayoutName.SUBJECT_CHANGE:
        values |= {"变更类型": "更名", "变更后名称": "换", "变更后证件类型": "", "变更后证件号码": ""}
    if "模型版本" in values:
        values["模型版本"] = models.in_force(TODAY).version
    return values | changed
