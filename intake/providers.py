"""What each provider may send: items, districts, and who answers for it (Arts. 2, 5).

A provider is a party, which two people of the institution take in; what it may send is a list, loaded by
`haihe providers import`. A change is the next version, and the old one is kept.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.database import Unit, WriteUnit
from core.statements import Row
from intake.checks import Sender
from intake.errors import TermsRefused
from intake.layouts import LAYOUTS
from intake.tables import provider_terms
from parties import directory
from parties.kinds import ProviderKind

COLUMNS = ("单位代码", "单位性质", "提供信息", "行政区划代码", "责任人", "联系电话")
# A list may leave this column out, and a line its cell: then as everybody does.
ANSWERS = "核查期限（工作日）"
# Of the ten working days one at least is left to decide and to tell.
_ANSWERS_WITHIN = range(1, 10)
KINDS: Mapping[str, ProviderKind] = {
    "国家机关": ProviderKind.STATE_ORGAN,
    "法律法规授权的组织": ProviderKind.AUTHORISED_ORGANISATION,
    "群团组织": ProviderKind.MASS_ORGANISATION,
    "公共服务企事业单位": ProviderKind.PUBLIC_SERVICE,
}
WHOLE_CITY = "全市"
_BETWEEN = "、"
_LAYOUTS = {layout.title: layout.name.value for layout in LAYOUTS}
_DISTRICT = re.compile(r"[1-8]\d{5}", re.ASCII)
_LONGEST = 60
_LARGEST = 1 << 20


@dataclass(frozen=True)
class Terms:
    """What one provider may send. `kinds` are layouts; `districts` are 行政区划代码, None for the whole city.

    `answer_workdays`: by which working day from receipt it answers what is asked of a contested record; None as others.
    """

    code: str
    kind: ProviderKind
    kinds: tuple[str, ...]
    districts: tuple[str, ...] | None
    responsible: str
    contact: str
    answer_workdays: int | None = None


@dataclass
class Loaded:
    """What loading a list did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


def read(data: bytes) -> Sequence[Terms]:
    """A list as it is written; raises `TermsRefused` with the line."""
    if len(data) > _LARGEST:
        raise TermsRefused("文件过大")
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise TermsRefused("不是 UTF-8 编码的 CSV 文件") from None
    head = tuple(name.strip() for name in rows[0]) if rows else ()
    if head not in (COLUMNS, (*COLUMNS, ANSWERS)):
        raise TermsRefused(f"表头应为：{'，'.join(COLUMNS)}，可以另加{ANSWERS}")
    found = [
        _terms(line, head, [cell.strip() for cell in row]) for line, row in enumerate(rows[1:], start=2) if any(row)
    ]
    if len({terms.code for terms in found}) < len(found):
        raise TermsRefused("同一单位代码出现多次")
    return found


async def load(unit: WriteUnit, listed: Sequence[Terms], *, at: datetime) -> Loaded:
    """Enter a list, all of it or nothing: what differs becomes a provider's next version, who is not in it stays as
    it is. Raises `TermsRefused` for who is no active provider, or one of another kind."""
    await unit.alone("provider terms")
    loaded = Loaded()
    for terms in listed:
        party = await directory.provider(unit, terms.code)
        if party is None:
            raise TermsRefused(f"没有代码为 {terms.code} 的信息提供单位")
        if party.provider_kind != terms.kind.value:
            raise TermsRefused(f"{terms.code} 的单位性质与登记的不一致")
        await _enter(unit, party.id, terms, loaded, at)
    return loaded


async def sender(unit: Unit, party_id: str, kind: ProviderKind) -> Sender:
    """What a provider may send now; nothing, before anybody has said what."""
    row = await latest(unit, party_id)
    if row is None:
        return Sender(kind, frozenset(), None)
    return Sender(kind, frozenset(row.kinds), None if row.districts is None else frozenset(row.districts))


async def latest(unit: Unit, party_id: str, *, before: datetime | None = None) -> Row | None:
    """The last version of what a provider may send, or the last that was entered before an instant."""
    c = provider_terms.c
    told = select(func.max(c.version)).where(c.party_id == party_id)
    last = (told if before is None else told.where(c.entered_at < before)).scalar_subquery()
    return await unit.first(select(provider_terms).where(c.party_id == party_id, c.version == last))


async def _enter(unit: WriteUnit, party_id: str, terms: Terms, loaded: Loaded, at: datetime) -> None:
    said = {
        "kinds": sorted(terms.kinds),
        "districts": None if terms.districts is None else sorted(terms.districts),
        "responsible": terms.responsible,
        "contact": terms.contact,
        "answer_workdays": terms.answer_workdays,
    }
    row = await latest(unit, party_id)
    if row is not None and all(getattr(row, name) == value for name, value in said.items()):
        loaded.unchanged += 1
        return
    version = row.version + 1 if row is not None else 1
    await unit.run(provider_terms.insert().values(party_id=party_id, version=version, entered_at=at, **said))
    if row is None:
        loaded.added += 1
    else:
        loaded.changed += 1


def _terms(line: int, head: Sequence[str], row: Sequence[str]) -> Terms:
    if len(row) != len(head):
        raise TermsRefused(f"第{line}行：列数与表头不一致")
    code, kind, titles, districts, responsible, contact, *rest = row
    if kind not in KINDS:
        raise TermsRefused(f"第{line}行：“单位性质”只能填写：{_BETWEEN.join(KINDS)}")
    unknown = [title for title in _split(titles) if title not in _LAYOUTS]
    if unknown:
        raise TermsRefused(f"第{line}行：没有“{unknown[0]}”这种信息")
    if districts != WHOLE_CITY and not all(_DISTRICT.fullmatch(one) for one in _split(districts) or [""]):
        raise TermsRefused(f"第{line}行：“行政区划代码”应为“{WHOLE_CITY}”或六位代码")
    if not responsible or max(len(responsible), len(contact)) > _LONGEST:
        raise TermsRefused(f"第{line}行：“责任人”不能为空，各不超过{_LONGEST}个字")
    answers = rest[0] if rest else ""
    if answers not in {"", *map(str, _ANSWERS_WITHIN)}:
        raise TermsRefused(f"第{line}行：“{ANSWERS}”应为1到{_ANSWERS_WITHIN[-1]}的整数，或者不填")
    where = None if districts == WHOLE_CITY else tuple(_split(districts))
    kinds = tuple(_LAYOUTS[title] for title in _split(titles))
    return Terms(code, KINDS[kind], kinds, where, responsible, contact, int(answers) if answers else None)


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.split(_BETWEEN) if one.strip()]
