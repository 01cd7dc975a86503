"""A merchant's month: exact sums of what stands, by store and offer, and nobody behind them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.moments import day_of
from core.months import Month
from incentives.tables import redemption
from tests.harness.callers import Town

_LINES = "lines { store offerTitle count orderAmountYuan benefitAmountYuan }"
_MONTH = f"month final count orderAmountYuan benefitAmountYuan {_LINES}"
_STATISTICS = "statistics(month: $m) { month redeemed reversed offers { redeemed reversed } }"
_DESK = f"query($m: String!) {{ partner {{ settlement(month: $m) {{ {_MONTH} }} {_STATISTICS} }} }}"


async def _month(town: Town, month: str, persona: str = "partner-1") -> dict[str, Any]:
    return dict((await town.data(persona, _DESK, {"m": month}))["partner"])


async def _sell(town: Town, key: str, at: datetime, **sale: str) -> str:
    made = await town.redeem(await town.code("citizen-2", key=key), key=key, **sale)
    id_ = str(made["redemption"]["id"])
    async with town.house.database.writing() as unit:
        await unit.run(redemption.update().where(redemption.c.id == id_).values(redeemed_at=at))
    return id_


async def test_a_month_is_the_citys_and_holds_what_stands(town: Town) -> None:
    # 2026-03 in the city begins at 16:00 UTC of the last day of February.
    inside = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
    for number in range(3):
        await _sell(town, f"in {number}", inside, orderAmountYuan="0.10")
    await _sell(town, "told nothing", inside)
    await _sell(town, "before", datetime(2026, 2, 28, 15, 59, 59, 999999, tzinfo=UTC), orderAmountYuan="7.00")
    await _sell(town, "after", datetime(2026, 3, 31, 16, 0, tzinfo=UTC), orderAmountYuan="9.00")
    undone = await _sell(town, "undone", inside, orderAmountYuan="100.00")
    given = {"redemptionId": undone, "reason": "点错", "idempotencyKey": "undo"}
    assert (await town.act("till-1", "redemptionReverse", given, "replayed"))["replayed"] is False
    for persona in ("partner-1", "till-1"):
        desk = await _month(town, "2026-03", persona)
        line = desk["settlement"].pop("lines")
        assert desk["settlement"] == {
            "month": "2026-03",
            "final": True,
            "count": 4,
            "orderAmountYuan": "0.30",
            "benefitAmountYuan": "0.03",
        }
        assert [(row["count"], row["orderAmountYuan"]) for row in line] == [(4, "0.30")]
        assert desk["statistics"] == {
            "month": "2026-03",
            "redeemed": 5,
            "reversed": 1,
            "offers": [{"redeemed": 5, "reversed": 1}],
        }
    assert (await _month(town, "2026-02"))["settlement"]["orderAmountYuan"] == "7.00"


async def test_this_month_is_not_final_and_an_empty_one_is_zero(town: Town) -> None:
    now = f"{day_of(datetime.now(UTC)):%Y-%m}"
    assert (await _month(town, now))["settlement"]["final"] is False
    empty = (await _month(town, "2025-01"))["settlement"]
    assert (empty["count"], empty["orderAmountYuan"], empty["lines"]) == (0, "0.00", [])


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_receipts_are_found_by_store_and_day(town: Town) -> None:
    await _sell(town, "one", datetime(2026, 3, 1, 15, 59, tzinfo=UTC))  # 1 March in the city
    await _sell(town, "two", datetime(2026, 3, 1, 16, 0, tzinfo=UTC))  # 2 March
    document = (
        "query($f: Date, $t: Date) { partner { redemptions(from: $f, to: $t) { edges { node { redeemedAt } } } } }"
    )
    for start, end, expected in (("2026-03-01", "2026-03-01", 1), ("2026-03-02", None, 1), (None, "2026-03-02", 2)):
        found = await town.data("partner-1", document, {"f": start, "t": end})
        assert len(found["partner"]["redemptions"]["edges"]) == expected, (start, end)
    other = await town.data("partner-1", '{ partner { redemptions(storeId: "sto_x") { edges { cursor } } } }')
    assert other["partner"]["redemptions"]["edges"] == []
    # A till is held to its own store whatever it asks for.
    own = await town.data("till-1", '{ partner { redemptions(storeId: "sto_x") { edges { cursor } } } }')
    assert len(own["partner"]["redemptions"]["edges"]) == 2


@pytest.mark.parametrize(
    "month", ["", "2026", "2026-13", "2026-00", "2026-1", "1999-12", "２０２６-01", "2026-01-01", "x" * 99]
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_month_that_is_none_is_refused(town: Town, month: str) -> None:
    answer = await town.ask("partner-1", _DESK, {"m": month})
    assert (answer.status, answer.code) == (200, "INVALID_INPUT")


@pytest.mark.parametrize(
    ("month", "begins", "ends"),
    [
        ("2026-12", (2026, 11, 30, 16), (2026, 12, 31, 16)),
        ("2024-02", (2024, 1, 31, 16), (2024, 2, 29, 16)),
        ("2199-12", (2199, 11, 30, 16), (2199, 12, 31, 16)),
    ],
)
def test_where_a_month_begins_and_ends(month: str, begins: tuple[int, ...], ends: tuple[int, ...]) -> None:
    found = Month.read(month)
    assert found.begins == datetime(*begins, tzinfo=UTC)  # type: ignore[misc, arg-type]
    assert found.ends == datetime(*ends, tzinfo=UTC)  # type: ignore[misc, arg-type]
