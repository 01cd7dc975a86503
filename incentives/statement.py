"""A merchant's month as a workbook (结算单): what stands by store and offer, and receipt by receipt.

Both sheets are made of the same rows, so that they add up whatever happens meanwhile. Amounts are numbers to be added;
everything else is text, so that an order number that a cashier typed is never a formula.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.database import Unit
from core.errors import Detail, Invalid
from core.moments import CITY
from core.months import Month
from core.sheets import Cell, Table, write_all
from core.statements import Row
from incentives import settlement
from incentives.money import yuan

# CHOICE: what fits into the memory of a small machine beside everything else; a larger merchant's stores ask each.
MOST_RECEIPTS = 100_000
_NOTHING = Decimal("0.00")
_YUAN = ("订单金额（元）", "优惠金额（元）", "免押或后付金额（元）")
_SUMS = ("门店", "权益", "核销笔数", *_YUAN)
_EACH = ("核销单号", "核销时间", "门店", "权益", "优惠内容", "顾客代号", "订单号", *_YUAN)
_PROVISIONAL = "本月尚未结束，数字会变化"


@dataclass
class _Sum:
    """What stands of one offer at one store."""

    store: str
    offer: str
    count: int = 0
    orders: Decimal = _NOTHING
    benefits: Decimal = _NOTHING
    deferred: Decimal = _NOTHING

    def add(self, row: Row) -> None:
        """One receipt more. One without an amount counts, and adds nothing."""
        self.count += 1
        self.orders += row.order_amount_yuan or _NOTHING
        self.benefits += row.benefit_amount_yuan or _NOTHING
        self.deferred += _deferred(row) or _NOTHING


async def receipts(unit: Unit, party_id: str, month: Month, *, store_id: str | None) -> Sequence[Row]:
    """What a statement is made of; raises `Invalid` when that is more than `MOST_RECEIPTS`."""
    rows = await settlement.receipts(unit, party_id, month, store_id=store_id, most=MOST_RECEIPTS + 1)
    if len(rows) > MOST_RECEIPTS:
        raise Invalid(Detail(("month",), "TOO_MANY_ROWS", str(MOST_RECEIPTS)))
    return rows


def workbook(rows: Sequence[Row], month: Month, *, at: datetime) -> bytes:
    """The month's workbook of these receipts; the same rows of a final month make the same bytes."""
    is_final = settlement.is_final(month, at=at)
    tables = [
        Table("汇总", [30, 30, 12, 18, 18, 24], _summed(rows, is_final=is_final)),
        Table("核销明细", [24, 22, 30, 30, 30, 28, 24, 18, 18, 24], _listed(rows)),
    ]
    return write_all(tables, made_on=month.ends if is_final else at)


def _summed(rows: Sequence[Row], *, is_final: bool) -> Iterator[Sequence[Cell]]:
    yield _SUMS
    sums: dict[tuple[str, str], _Sum] = {}
    whole = _Sum("合计", "")
    for row in rows:
        sums.setdefault((row.store_id, row.offer_id), _Sum(row.store_name, row.offer_title)).add(row)
        whole.add(row)
    for _, one in [*sorted(sums.items()), ((), whole)]:
        yield one.store, one.offer, one.count, one.orders, one.benefits, one.deferred
    if not is_final:
        yield (_PROVISIONAL,)


def _listed(rows: Sequence[Row]) -> Iterator[Sequence[Cell]]:
    yield _EACH
    for row in rows:
        when = row.redeemed_at.astimezone(CITY).strftime("%Y-%m-%d %H:%M:%S")
        told = (row.number, when, row.store_name, row.offer_title, row.benefit_text, row.customer, row.order_number)
        amounts = (row.order_amount_yuan, row.benefit_amount_yuan, _deferred(row))
        yield tuple("" if cell is None else cell for cell in (*told, *amounts))


def _deferred(row: Row) -> Decimal | None:
    return None if row.deferred_cents is None else yuan(row.deferred_cents)
