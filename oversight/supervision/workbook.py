"""An area's period as a workbook: the figures that the API has, each kind on a sheet. No text of it is computed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.counts import Health, Looks
from audit.sentences import CHANNELS
from core.database import Unit
from core.moments import day_of, rfc3339
from core.sheets import Cell, Table, write_all
from grants.counts import Grants
from incentives.counts import Offers
from intake.counts import Reporting
from intake.quality import Share
from objections.counts import Objections
from objections.kinds import StopCause
from oversight.duty.availability import Fared
from oversight.sharing.counts import Shares
from oversight.supervision import wording
from oversight.supervision.counting import Counted, log_health
from parties import directory

_NOT_OURS = "区级监督范围内不设此项"
_SO_FAR = "本月尚未结束，数字会变化"


@dataclass(frozen=True)
class Figures:
    """Everything that is counted of one area's period, and what the providers are called."""

    counted: Counted
    objections: Objections
    looks: Sequence[Looks]
    grants: Sequence[Grants] | None
    providers: Sequence[Reporting]
    offers: Sequence[Offers]
    shares: Shares
    channels: Mapping[str, Fared] | None
    log: Health | None
    names: Mapping[str, str]


async def figures(unit: Unit, counted: Counted) -> Figures:
    """Count everything."""
    providers = await counted.providers(unit)
    cards = await directory.cards(unit, [one.provider_id for one in providers])
    return Figures(
        counted,
        await counted.objections(unit),
        await counted.looks(unit),
        await counted.grants(unit),
        providers,
        await counted.offers(unit),
        await counted.shares(unit),
        await counted.channels(unit),
        await log_health(unit, counted.area),
        {id_: card.name for id_, card in cards.items()},
    )


def workbook(found: Figures, *, at: datetime) -> bytes:
    """The workbook; the same figures of a period that has ended make the same bytes. The log is told as it stands, not
    as it stood then."""
    period = found.counted.period
    tables = [
        Table("异议", [30, 16], [*_head(found), *_objections(found.objections)]),
        Table("查询", [16, 24, 12, 12], _looks(found.looks)),
        Table("授权", [24, 12, 12, 12, 12, 12], _grants(found.grants)),
        Table("信息提供单位", [36, 12, 12, 14, 14, 14, 14], _providers(found)),
        Table("守信激励", [12, 12, 12, 12], _offers(found.offers)),
        Table("信息共享", [24, 12], _shares(found.shares)),
        Table("查询渠道", [24, 16, 16], _channels(found.channels)),
        Table("日志", [24, 24], _log(found.log)),
    ]
    return write_all(tables, made_on=at if period.so_far else period.span.ends)


def _head(found: Figures) -> Iterator[Sequence[Cell]]:
    period, area = found.counted.period, found.counted.area
    yield "项目", "数量"
    yield "监督范围", area.name or "全市"
    yield "统计期间", period.text
    yield "截至", day_of(period.last).isoformat()
    if period.so_far:
        yield (_SO_FAR,)


def _objections(found: Objections) -> Iterator[Sequence[Cell]]:
    yield "收到", found.filed
    yield "答复", found.answered
    yield "撤回", found.withdrawn
    yield "期末在办", found.open
    yield "逾期", found.late
    yield "支持申请人", found.upheld
    yield "答复天数中位数（自然日）", "" if found.median_days is None else found.median_days
    for cause in StopCause:
        yield f"中止计时：{wording.STOPS[cause]}", found.stops.get(cause, 0)


def _looks(found: Sequence[Looks]) -> Iterator[Sequence[Cell]]:
    yield "依据", "用途", "查询次数", "被拒绝次数"
    for one in found:
        yield wording.BASES[one.basis], wording.purpose(one.purpose), one.answered, one.refused


def _grants(found: Sequence[Grants] | None) -> Iterator[Sequence[Cell]]:
    yield "用途", "请求", "授权", "拒绝", "撤回", "交还"
    if found is None:
        yield (_NOT_OURS,)
    for one in found or ():
        counts = (one.asked, one.given, one.rejected, one.revoked, one.relinquished)
        yield wording.purpose(one.purpose.value), *counts


def _providers(found: Figures) -> Iterator[Sequence[Cell]]:
    yield "单位", "应报种类", "已报种类", "报送行数", "合规行数", "采用行数", "及时行数"
    for one in found.providers:
        shares: Sequence[Share] = (one.reporting, one.compliance, one.timeliness)
        yield found.names[one.provider_id], *(number for share in shares for number in (share.of, share.count))


def _offers(found: Sequence[Offers]) -> Iterator[Sequence[Cell]]:
    yield "领域", "上架权益", "核销笔数", "撤销笔数"
    for one in found:
        yield wording.SECTORS[one.sector], one.published, one.redeemed, one.undone


def _shares(found: Shares) -> Iterator[Sequence[Cell]]:
    yield "项目", "数量"
    yield "申请", found.asked
    yield "开始共享", found.begun
    yield "不予共享", found.refused
    yield "终止", found.ended
    yield "期末有效", found.in_force


def _channels(found: Mapping[str, Fared] | None) -> Iterator[Sequence[Cell]]:
    yield "渠道", "完成次数", "因系统故障失败次数"
    if found is None:
        yield (_NOT_OURS,)
    for name, fared in (found or {}).items():
        yield CHANNELS.get(name, "未登录"), fared.answered, fared.failed


def _log(found: Health | None) -> Iterator[Sequence[Cell]]:
    yield "项目", "现状"
    if found is None:
        yield (_NOT_OURS,)
        return
    yield "已存证", found.sealed
    yield "最近存证时间", "" if found.sealed_at is None else rfc3339(found.sealed_at)
    yield "等待存证", found.waiting
    yield "缺失", found.gaps
