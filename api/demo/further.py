"""What providers say besides penalties, licences and honours: a row of each other class of the catalogue, for a few.

Every organisation is registered somewhere. Of everything else most people have nothing, and what counts against one is
rarer than any of it.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from api.demo.people import Someone
from api.demo.places import DISTRICTS, PROVIDERS
from api.demo.records import Sent, identity_word, written
from credit import catalogue
from credit.kinds import SubjectKind
from intake import layouts
from intake.layouts import Layout, LayoutName

_COURTS = tuple(f"海津市{district}人民法院" for district in DISTRICTS)
_YEAR = 365
Values = Mapping[str, str]


@dataclass(frozen=True)
class Drawn:
    """What a row is drawn from: whose it is, its number, today, and chance."""

    someone: Someone
    number: str
    as_of: date
    chance: random.Random

    def day(self, earliest: int, latest: int) -> date:
        """A day so many days ago."""
        return self.as_of - timedelta(days=self.chance.randint(earliest, latest))


@dataclass(frozen=True)
class Kind:
    """One class: how many in a hundred people, and organisations, have a row of it, and what the row says."""

    layout: Layout
    persons: float
    organisations: float
    say: Callable[[Drawn, str], Values]


def _registration(drawn: Drawn, authority: str) -> Values:
    begun = drawn.day(200, 15 * _YEAR)
    small = drawn.someone.kind is SubjectKind.INDIVIDUAL_BUSINESS
    district = drawn.chance.choice(DISTRICTS)
    return {
        "登记文书号": f"海津登字〔{begun.year}〕第{drawn.number}号",
        "登记类型": {
            SubjectKind.INDIVIDUAL_BUSINESS: "个体工商户",
            SubjectKind.UNINCORPORATED: "农民专业合作社",
        }.get(drawn.someone.kind, "有限责任公司"),
        "登记状态": "存续",
        "注册资本（万元）": "" if small else str(drawn.chance.choice((50, 100, 200, 500, 1000))),
        "住所": f"海津市{district}示例路{drawn.chance.randint(1, 300)}号",
        "经营范围": drawn.chance.choice(
            ("餐饮服务；食品销售", "日用百货销售", "家政服务；养老服务", "信息技术咨询服务")
        ),
        "成立日期": written(begun),
        "登记机关": authority,
    }


def _judgment(drawn: Drawn, _authority: str) -> Values:
    decided = drawn.day(30, 4 * _YEAR)
    cause = drawn.chance.choice(("买卖合同纠纷", "房屋租赁合同纠纷", "劳动争议", "物业服务合同纠纷"))
    return {
        "案号": f"（{decided.year}）海津0{drawn.chance.randint(1, 6)}民初{drawn.number}号",
        "裁判文书类型": drawn.chance.choice(("民事判决书", "民事调解书")),
        "案由": cause,
        "立案日期": written(decided - timedelta(days=drawn.chance.randint(40, 150))),
        "裁判日期": written(decided),
        "裁判结果": "双方达成调解，款项分期支付。",
        "执行情况": drawn.chance.choice(("已自动履行", "履行期内")),
        "作出机关": drawn.chance.choice(_COURTS),
    }


def _qualification(drawn: Drawn, authority: str) -> Values:
    given = drawn.day(60, 8 * _YEAR)
    title, level, subject = drawn.chance.choice(
        (
            ("工程师", "中级", "建筑工程"),
            ("主管护师", "中级", "护理"),
            ("经济师", "中级", "人力资源管理"),
            ("养老护理员", "三级", "养老护理"),
            ("高级教师", "副高级", "小学教育"),
        )
    )
    return {
        "资格名称": title,
        "评定文书号": f"海津职评〔{given.year}〕{drawn.number}号",
        "级别": level,
        "专业": subject,
        "证书编号": f"HJZC{drawn.chance.randint(10**7, 10**8 - 1)}",
        "评定日期": written(given),
        "评定单位": authority,
    }


def _abnormal_operation(drawn: Drawn, authority: str) -> Values:
    listed = drawn.day(20, 700)
    removed = listed + timedelta(days=90)
    over = removed < drawn.as_of and drawn.chance.random() < 0.5
    return {
        "列入决定文书号": f"海津异列〔{listed.year}〕{drawn.number}号",
        "列入原因类型": drawn.chance.choice(("未按期公示年度报告", "通过登记的住所无法联系")),
        "列入日期": written(listed),
        "列入决定机关": authority,
        "移出日期": written(removed) if over else "",
        "移出原因": "已补报年度报告" if over else "",
    }


def _dishonest_debtor(drawn: Drawn, _authority: str) -> Values:
    published = drawn.day(10, 600)
    court = drawn.chance.choice(_COURTS)
    return {
        "案号": f"（{published.year}）海津0{drawn.chance.randint(1, 6)}执{drawn.number}号",
        "执行法院": court,
        "省份": "海津",
        "执行依据文号": f"（{published.year - 1}）海津01民初{drawn.number}号",
        "立案时间": written(published - timedelta(days=60)),
        "作出执行依据单位": court,
        "生效文书义务": "支付货款及利息",
        "履行情况": "部分未履行",
        "行为具体情形": "有履行能力而拒不履行生效法律文书确定义务",
        "发布时间": written(published),
        "公示截止期": written(published + timedelta(days=2 * _YEAR)),
    }


def _serious_list(drawn: Drawn, authority: str) -> Values:
    listed = drawn.day(10, 600)
    return {
        "名单名称": "拖欠农民工工资严重失信主体名单",
        "列入决定文书号": f"海津列严〔{listed.year}〕{drawn.number}号",
        "纳入理由": "克扣、无故拖欠农民工工资，经责令限期支付仍不支付",
        "列入依据": "《海津市示例管理条例》第三十条",
        "列入日期": written(listed),
        "公示截止期": written(listed + timedelta(days=3 * _YEAR)),
        "报送机关": authority,
    }


def _contract(drawn: Drawn, authority: str) -> Values:
    signed = drawn.day(200, 3 * _YEAR)
    return {
        "合同名称": drawn.chance.choice(("道路养护工程施工合同", "办公设备采购合同", "校园餐饮服务合同")),
        "合同编号": f"HJHT-{signed.year}-{drawn.number}",
        "合同类型": "政府采购合同",
        "合同金额（万元）": str(drawn.chance.choice((18, 35, 60, 120, 300))),
        "签订日期": written(signed),
        "履行期限至": written(signed + timedelta(days=_YEAR)),
        "履行状态": drawn.chance.choice(("正常履行", "履行完毕")),
        "履行说明": "按约定的期限和质量履行",
        "认定单位": authority,
    }


def _commitment(drawn: Drawn, authority: str) -> Values:
    made = drawn.day(20, 2 * _YEAR)
    return {
        "承诺类型": drawn.chance.choice(("告知承诺制办理许可", "主动公示型承诺", "行业自律型承诺")),
        "承诺书编号": f"海津诺〔{made.year}〕{drawn.number}号",
        "承诺事由": "办理行政许可事项",
        "承诺内容": "所提交材料真实、合法、有效，接受事后核查",
        "作出日期": written(made),
        "履约状态": drawn.chance.choice(("履行中", "已履行")),
        "受理单位": authority,
    }


def _assessment(drawn: Drawn, authority: str) -> Values:
    given = drawn.day(30, 330)
    return {
        "评定内容": f"{given.year}年纳税缴费信用等级",
        "评定文书号": f"海津税评〔{given.year}〕{drawn.number}号",
        "等级": drawn.chance.choices(("A", "B", "M", "C"), (30, 50, 15, 5))[0],
        "评定依据": "《海津市示例纳税信用办法》",
        "评定时间": written(given),
        "有效期至": written(given + timedelta(days=_YEAR)),
        "评定单位": authority,
    }


def _compliance(drawn: Drawn, authority: str) -> Values:
    found = drawn.day(30, 2 * _YEAR)
    field = drawn.chance.choice(("税收", "社会保险", "安全生产"))
    return {
        "事项名称": f"{field}法律法规遵守情况",
        "认定文书号": f"海津守〔{found.year}〕{drawn.number}号",
        "领域": field,
        "认定情况": "未发现违反法律法规的情形",
        "认定日期": written(found),
        "认定机关": authority,
    }


def _ip_right(drawn: Drawn, authority: str) -> Values:
    given = drawn.day(60, 6 * _YEAR)
    kind, name = drawn.chance.choice((("实用新型专利", "一种便携式餐具消毒装置"), ("注册商标", "海津示例商标")))
    return {
        "权利名称": name,
        "登记号": f"HJZL{given.year}{drawn.number}",
        "权利类型": kind,
        "申请日期": written(given - timedelta(days=300)),
        "授权日期": written(given),
        "法律状态": "有效",
        "有效期至": written(given + timedelta(days=10 * _YEAR)),
        "登记机关": authority,
    }


def _self_submitted(drawn: Drawn, authority: str) -> Values:
    given = drawn.day(10, _YEAR)
    person = drawn.someone.kind is SubjectKind.NATURAL_PERSON
    return {
        "事项名称": "志愿服务情况" if person else "水电费缴纳情况",
        "受理编号": f"海津自申〔{given.year}〕{drawn.number}号",
        "内容": "累计参加志愿服务120小时" if person else "近一年按期缴纳，无拖欠",
        "佐证材料": "服务单位证明" if person else "缴费凭证",
        "提供日期": written(given),
        "有效期至": written(given + timedelta(days=2 * _YEAR)),
        "受理单位": authority,
    }


KINDS = (
    Kind(layouts.REGISTRATION, 0, 100, _registration),
    Kind(layouts.JUDGMENT, 0.8, 4, _judgment),
    Kind(layouts.QUALIFICATION, 5, 0, _qualification),
    Kind(layouts.ABNORMAL_OPERATION, 0, 1, _abnormal_operation),
    Kind(layouts.DISHONEST_DEBTOR, 0.2, 0.3, _dishonest_debtor),
    Kind(layouts.SERIOUS_LIST, 0.05, 0.3, _serious_list),
    Kind(layouts.CONTRACT, 0, 6, _contract),
    Kind(layouts.COMMITMENT, 1, 8, _commitment),
    Kind(layouts.ASSESSMENT, 0, 12, _assessment),
    Kind(layouts.COMPLIANCE, 0, 8, _compliance),
    Kind(layouts.IP_RIGHT, 0.2, 5, _ip_right),
    Kind(layouts.SELF_SUBMITTED, 1, 3, _self_submitted),
)
NAMES = tuple(kind.layout.name for kind in KINDS)
_SENDERS: Mapping[LayoutName, tuple[tuple[str, str], ...]] = {
    name: tuple((provider.code, provider.name) for provider in PROVIDERS if name in provider.layouts) for name in NAMES
}


def of(someone: Someone, index: int, seed: int, as_of: date) -> Iterator[Sent]:
    """What an ordinary subject of this index has of each class, where the catalogue of that day has the class."""
    chance = random.Random(f"further:{seed}:{someone.kind.value}:{index}")
    known = catalogue.in_force(as_of)
    person = someone.kind is SubjectKind.NATURAL_PERSON
    for kind in KINDS:
        share = kind.persons if person else kind.organisations
        if chance.random() * 100 < share and known is not None and kind.layout.name.value in known.entries:
            yield row(kind, someone, f"{'' if person else '9'}{index}", as_of, chance)


def row(kind: Kind, someone: Someone, number: str, as_of: date, chance: random.Random) -> Sent:
    """One row of a class, for the file of a provider that sends it."""
    provider, authority = chance.choice(_SENDERS[kind.layout.name])
    named = {
        layouts.SUBJECT_NAME: someone.name,
        layouts.IDENTITY_TYPE: identity_word(someone),
        layouts.IDENTITY_NUMBER: someone.number,
    }
    return Sent(provider, kind.layout, {**named, **kind.say(Drawn(someone, number, as_of, chance), authority)})
