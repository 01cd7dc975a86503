"""What providers say of whom: rows in the exchange layouts, in believable proportions.

Most people have no record or one or two; fewer than one in twenty-five has an adverse one.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from api.demo.people import Someone
from api.demo.places import PROVIDERS
from credit.kinds import SubjectKind
from intake import layouts
from intake.layouts import Layout, LayoutName

_PENALTIES = (
    ("未按规定公示收费标准", "警告", "责令改正，给予警告", "", 85),
    ("超出核定范围经营", "罚款", "罚款2000元", "0.2", 365),
    ("道路货物运输车辆未按规定维护", "罚款", "罚款1000元", "0.1", 365),
    ("消防通道堆放杂物", "罚款", "罚款5000元", "0.5", 365),
)
_PERSONAL_LICENCES = ("导游证", "护士执业证书", "经营性道路旅客运输驾驶员从业资格证", "建造师注册证书", "健康证明")
_BUSINESS_LICENCES = ("食品经营许可证", "道路运输经营许可证", "公共场所卫生许可证", "建筑业企业资质证书")
_HONOURS = (("优秀志愿者", "市级"), ("劳动模范", "市级"), ("无偿献血奉献奖", "国家级"), ("诚信商户", "区级"))
_SENDERS = {
    name: tuple((provider.code, provider.name) for provider in PROVIDERS if name in provider.layouts)
    for name in (LayoutName.PENALTY, LayoutName.LICENCE, LayoutName.HONOUR)
}


@dataclass(frozen=True)
class Sent:
    """One row for one provider's file of one layout."""

    provider: str
    layout: Layout
    values: Mapping[str, str]


def of(someone: Someone, index: int, seed: int, as_of: date) -> Iterator[Sent]:
    """The records that an ordinary subject of this index has."""
    chance = random.Random(f"records:{seed}:{someone.kind.value}:{index}")
    person = someone.kind is SubjectKind.NATURAL_PERSON
    for turn in range(chance.choices((0, 1, 2), (62, 28, 10) if person else (20, 55, 25))[0]):
        yield licence(someone, chance, f"{index}-{turn}", as_of)
    if chance.random() < 0.09:
        yield honour(someone, chance, f"{index}", as_of)
    if chance.random() < 0.035:
        yield penalty(someone, chance, f"{index}", as_of)


def penalty(someone: Someone, chance: random.Random, number: str, as_of: date) -> Sent:
    """行政处罚, decided within the last year."""
    violation, category, content, fine, public_days = chance.choice(_PENALTIES)
    decided = as_of - timedelta(days=chance.randint(5, 360))
    provider, authority = chance.choice(_SENDERS[LayoutName.PENALTY])
    return Sent(
        provider,
        layouts.PENALTY,
        {
            **_counterparty(someone),
            "行政处罚决定书文号": f"海津{provider}罚〔{decided.year}〕{number}号",
            "违法行为类型": violation,
            "违法事实": f"经查，当事人{violation}，事实清楚，证据确凿。",
            "处罚依据": "《海津市示例管理条例》第二十条",
            "处罚类别": category,
            "处罚内容": content,
            "罚款金额（万元）": fine,
            "处罚决定日期": written(decided),
            "公示截止期": written(decided + timedelta(days=public_days)),
            "处罚机关": authority,
            "数据来源单位": authority,
        },
    )


def licence(someone: Someone, chance: random.Random, number: str, as_of: date) -> Sent:
    """行政许可, decided within the last five years."""
    person = someone.kind is SubjectKind.NATURAL_PERSON
    certificate = chance.choice(_PERSONAL_LICENCES if person else _BUSINESS_LICENCES)
    decided = as_of - timedelta(days=chance.randint(30, 1700))
    provider, authority = chance.choice(_SENDERS[LayoutName.LICENCE])
    return Sent(
        provider,
        layouts.LICENCE,
        {
            **_counterparty(someone),
            "行政许可决定文书名称": f"{certificate}核发决定书",
            "行政许可决定文书号": f"海津{provider}许〔{decided.year}〕{number}号",
            "许可类别": "普通",
            "许可证书名称": certificate,
            "许可编号": f"HJ{provider}{chance.randint(10**7, 10**8 - 1)}",
            "许可内容": f"准予取得{certificate}",
            "许可决定日期": written(decided),
            "有效期自": written(decided),
            "有效期至": written(decided + timedelta(days=5 * 365)),
            "许可机关": authority,
            "当前状态": "有效",
            "数据来源单位": authority,
        },
    )


def honour(someone: Someone, chance: random.Random, number: str, as_of: date) -> Sent:
    """诚实守信相关荣誉, given within the last three years."""
    title, level = chance.choice(_HONOURS)
    given = as_of - timedelta(days=chance.randint(10, 1000))
    provider, authority = chance.choice(_SENDERS[LayoutName.HONOUR])
    return Sent(
        provider,
        layouts.HONOUR,
        {
            "主体名称": someone.name,
            layouts.IDENTITY_TYPE: identity_word(someone),
            layouts.IDENTITY_NUMBER: someone.number,
            "荣誉名称": title,
            "荣誉文书号": f"海津{provider}荣〔{given.year}〕{number}号",
            "荣誉级别": level,
            "授予事由": "事迹突出",
            "文件依据": "《海津市示例表彰办法》",
            "授予日期": written(given),
            "有效期至": written(given + timedelta(days=3 * 365)),
            "授予机关": authority,
        },
    )


def identity_word(someone: Someone) -> str:
    """What a file calls the kind of number."""
    return "身份证" if someone.kind is SubjectKind.NATURAL_PERSON else "统一社会信用代码"


def kind_word(someone: Someone) -> str:
    """What a file calls the kind of subject."""
    return {
        SubjectKind.NATURAL_PERSON: "自然人",
        SubjectKind.INDIVIDUAL_BUSINESS: "个体工商户",
        SubjectKind.LEGAL_PERSON: "法人",
        SubjectKind.UNINCORPORATED: "非法人组织",
    }[someone.kind]


def _counterparty(someone: Someone) -> dict[str, str]:
    named = {layouts.NAME: someone.name, layouts.KIND: kind_word(someone)}
    if someone.kind is SubjectKind.NATURAL_PERSON:
        return {**named, layouts.IDENTITY_TYPE: "身份证", layouts.IDENTITY_NUMBER: someone.number}
    return {**named, layouts.USCC: someone.number}


def written(day: date) -> str:
    """A day as most providers write it."""
    return f"{day:%Y/%m/%d}"
