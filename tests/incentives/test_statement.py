"""A merchant's month as a workbook: it adds up to the cent, and nothing in it is ever computed."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from core import sheets
from core.moments import day_of
from incentives import statement
from incentives.tables import redemption
from tests.harness import offering
from tests.harness.callers import Town

_WORDS = ('=HYPERLINK("http://x.example","票")', "+1+1", "-2", "@SUM(A1)", "\t=1", "0012", "https://x.example")
_SETTLED = "settlement(month: $m) { count orderAmountYuan benefitAmountYuan lines { count orderAmountYuan } }"


async def _get(town: Town, month: str, persona: str | None = "partner-1", method: str = "GET") -> Any:
    headers = {} if persona is None else {"Authorization": f"Bearer {await town.token(persona)}"}
    return await town.http.request(method, f"/settlements/{month}.xlsx", headers=headers)


def _sheets(data: bytes) -> tuple[list[list[Any]], list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_index(0).to_python(), book.get_sheet_by_index(1).to_python()


async def _sold(town: Town, month: str) -> None:
    """One sale for each of the words, as its order number, in the middle of a month."""
    for number, word in enumerate(_WORDS):
        made = await town.redeem(
            await town.code("citizen-2", key=f"c{number}"), key=f"r{number}", orderNumber=word, orderAmountYuan="0.10"
        )
        assert made["redemption"]["orderNumber"] == word, made
    async with town.house.database.writing() as unit:
        await unit.run(redemption.update().values(redeemed_at=datetime.fromisoformat(f"{month}-15T04:05:06+00:00")))


async def test_a_months_workbook_says_what_the_settlement_says(town: Town) -> None:
    await _sold(town, "2026-03")
    answer = await _get(town, "2026-03")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == sheets.MEDIA_TYPE
    assert answer.headers["content-disposition"] == 'attachment; filename="settlement-2026-03.xlsx"'
    assert answer.headers["cache-control"] == "no-store"
    sums, each = _sheets(answer.content)
    asked = await town.data("partner-1", f"query($m: String!) {{ partner {{ {_SETTLED} }} }}", {"m": "2026-03"})
    settled = asked["partner"]["settlement"]
    assert sums[0] == ["门店", "权益", "核销笔数", "订单金额（元）", "优惠金额（元）", "免押或后付金额（元）"]
    assert [(row[2], row[3]) for row in sums[1:-1]] == [
        (line["count"], float(line["orderAmountYuan"])) for line in settled["lines"]
    ]
    whole = (settled["count"], float(settled["orderAmountYuan"]), float(settled["benefitAmountYuan"]))
    assert sums[-1] == ["合计", "", *whole, 0.0]
    assert whole == (7, 0.7, 0.07)
    assert len(each) == 8
    assert {row[1] for row in each[1:]} == {"2026-03-15 12:05:06"}
    assert sum(Decimal(str(row[7])) for row in each[1:]) == Decimal("0.7")
    assert (await _get(town, "2026-03")).content == answer.content  # a final month's is the same for ever


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nothing_that_was_typed_at_a_till_is_a_formula_a_link_or_a_number(town: Town) -> None:
    await _sold(town, "2026-03")
    data = (await _get(town, "2026-03")).content
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    assert not any("<f>" in text or "<f " in text or "<hyperlink" in text for text in parts.values())
    assert {row[6] for row in _sheets(data)[1][1:]} == set(_WORDS)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_month_that_goes_on_says_so_and_an_undone_receipt_is_not_in_it(town: Town) -> None:
    for key in ("kept", "undone"):
        made = await town.redeem(await town.code("citizen-2", key=key), key=key)
    given = {"redemptionId": made["redemption"]["id"], "reason": "点错", "idempotencyKey": "undo"}
    assert (await town.act("till-1", "redemptionReverse", given, "replayed"))["replayed"] is False
    now = datetime.now(UTC)
    answer = await _get(town, f"{day_of(now):%Y-%m}")
    assert "-provisional.xlsx" in answer.headers["content-disposition"]
    sums, each = _sheets(answer.content)
    assert sums[-1][0] == "本月尚未结束，数字会变化"
    assert (sums[-2][2], len(each)) == (1, 2)
    empty = _sheets((await _get(town, f"{day_of(now + timedelta(days=40)):%Y-%m}")).content)
    assert (empty[0][1][2], len(empty[1])) == (0, 1)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_it_is_ones_own_and_a_tills_own_stores(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await _sold(town, "2026-03")
    await offering.stranger(town)
    others = _sheets((await _get(town, "2026-03", offering.STRANGER)).content)
    assert (others[0][1][2], len(others[1])) == (0, 1)
    assert len(_sheets((await _get(town, "2026-03", "till-1")).content)[1]) == 8
    for persona, status, code in ((None, 401, "UNAUTHENTICATED"), ("citizen-1", 403, "FORBIDDEN")):
        refused = await _get(town, "2026-03", persona)
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert (await _get(town, "2026-03", method="HEAD")).status_code == 405
    assert (await _get(town, "2026-13")).status_code == 422
    monkeypatch.setattr(statement, "MOST_RECEIPTS", 6)
    much = await _get(town, "2026-03")
    assert (much.status_code, b"TOO_MANY_ROWS" in much.content) == (422, True)
