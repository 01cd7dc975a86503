"""A merchant's month on its page: the workbook to keep, and how many people took what, with what is withheld."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from api import personas
from api.house import House
from api.settings import Settings
from core.moments import day_of
from incentives.tables import offer, partner_figures, store
from tests.web.conftest import Device, Running, apart
from tests.web.test_access import problems, settle

_NOTICE = "{ consentNotice(query: {kind: CLAIM}) { hash } }"
_OFFER = "{ offers(first: 1) { edges { node { id } } } }"
_CLAIM = """mutation($i: ClaimCreateInput!) { claimCreate(input: $i) { ... on ClaimCreatePayload {
  claim { codes { digits } } } ... on Refusal { code } } }"""
_REDEEM = "mutation($i: ClaimRedeemInput!) { claimRedeem(input: $i) { __typename } }"


def _redeemed(server: Running) -> None:
    given = {
        "offerId": server.ask("citizen-2", _OFFER)["offers"]["edges"][0]["node"]["id"],
        "noticeHash": server.ask("citizen-2", _NOTICE)["consentNotice"]["hash"],
        "idempotencyKey": "month",
    }
    code = server.ask("citizen-2", _CLAIM, i=given)["claimCreate"]["claim"]["codes"][0]["digits"]
    sale = {"code": code, "idempotencyKey": "month", "orderNumber": "=1+1", "orderAmountYuan": "120.00"}
    assert server.ask("till-1", _REDEEM, i=sale)["claimRedeem"]["__typename"] == "ClaimRedeemPayload"


async def _published(settings: Settings, month: str) -> None:
    """A month's table of one offer at one store, whose store's number is withheld."""
    house = House(settings)
    try:
        async with house.database.writing() as unit:
            party_id = await personas.party_of(unit, "partner-1")
            one = (await unit.all(offer.select().where(offer.c.party_id == party_id)))[0]
            at = (await unit.all(store.select().where(store.c.party_id == party_id)))[0]
            numbers = {(one.id, at.id): None, (one.id, ""): 45, (one.id, None): None}
            totals = {(None, column): said for (_, column), said in numbers.items()}
            content = orjson.dumps([[*place, said] for place, said in (numbers | totals).items()]).decode()
            row = {"party_id": party_id, "month": month, "content": content, "published_at": datetime.now(UTC)}
            await unit.run(partner_figures.insert().values(row))
    finally:
        await house.database.close()


def test_a_months_workbook_is_kept(server: Running, device: Callable[..., Device], tmp_path: Path) -> None:
    _redeemed(server)
    month = f"{day_of(datetime.now(UTC)):%Y-%m}"
    page = device().sign_in("partner-1", "/partner")
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载结算单（xlsx）").click()
    assert saved.value.suggested_filename == f"settlement-{month}.xlsx"
    saved.value.save_as(tmp_path / "month.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "month.xlsx").get_sheet_by_index(1).to_python()
    assert "=1+1" in [row[6] for row in rows]


def test_a_months_people_are_shown_as_published(server: Running, device: Callable[..., Device], axe: str) -> None:
    apart(_published(server._settings, "2026-01"))
    page = device(width=360).sign_in("partner-1", "/partner")
    expect(page.get_by_text("领取人数在月份结束后发布。")).to_be_visible()
    page.get_by_label("月份").fill("2026-01")
    table = page.get_by_role("region", name="领取人数")
    expect(table.get_by_role("cell", name="不公布").first).to_be_visible()
    expect(table.get_by_role("cell", name="45").first).to_be_visible()
    settle(page)
    assert problems(page, axe, {}) == []
