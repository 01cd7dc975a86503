"""A till whose network is gone takes an offline code, keeps it, and brings it when there is one again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from core.moments import rfc3339
from tests.harness.postgres import wait_until
from tests.web.conftest import Device, Running

_STORES = "{ partner { stores { id name } } }"
_CLAIM = "query($i: ID!) { me { claim(id: $i) { status offline { text } offlineUses { outcome } } } }"


def _acted(server: Running, persona: str, name: str, kind: str, chosen: str, **given: object) -> dict[str, object]:
    document = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ ... on {kind}Payload {{ {chosen} }} }} }}"
    return dict(server.ask(persona, document, input=given)[name])


def _claimed(server: Running) -> tuple[str, str]:
    """A claim of an offer that works offline, and the name of the till's store."""
    store = server.ask("till-1", _STORES)["partner"]["stores"][0]
    now = datetime.now(UTC)
    terms = {
        "title": "地下一层", "sector": "SHOPPING", "terms": "详见门店。", "stock": 5, "storeIds": [store["id"]],
        "benefit": {"kind": "DISCOUNT", "text": "地下一层八折", "percent": "20"}, "worksOffline": True,
        "startsAt": rfc3339(now - timedelta(days=1)), "endsAt": rfc3339(now + timedelta(days=9)),
    }  # fmt: skip
    made = _acted(server, "partner-1", "offerDraft", "OfferDraft", "offer { id }", **terms, idempotencyKey="basement")
    given = {"offerId": made["offer"]["id"], "expectedVersion": 1}  # type: ignore[index]
    for persona, act, kind in (("partner-1", "Submit", "Change"), ("approver-1", "Approve", "Decide")):
        document = f"mutation($input: Offer{kind}Input!) {{ offer{act}(input: $input) {{ __typename }} }}"
        server.ask(persona, document, input=given)
        given["expectedVersion"] += 1
    notice = server.ask("citizen-2", "{ consentNotice(query: { kind: CLAIM }) { hash } }")["consentNotice"]["hash"]
    said = {"offerId": given["offerId"], "noticeHash": notice, "idempotencyKey": "basement"}
    claim = _acted(server, "citizen-2", "claimCreate", "ClaimCreate", "claim { id }", **said)["claim"]
    return str(claim["id"]), str(store["name"])  # type: ignore[index]


def test_a_till_goes_on_without_a_network_and_brings_what_it_took(
    server: Running, device: Callable[..., Device]
) -> None:
    claim_id, store = _claimed(server)
    phone, till = device(), device()
    page = phone.sign_in("citizen-2", f"/claims/{claim_id}")
    page.locator("[data-offline]").get_by_role("button", name=store).click()
    expect(page.get_by_role("img", name="离线二维码")).to_be_visible()
    text = server.ask("citizen-2", _CLAIM, i=claim_id)["me"]["claim"]["offline"]["text"]

    desk = till.sign_in("till-1", "/till")
    wait_until(lambda: "madeAt" in (desk.evaluate("localStorage.getItem('haihe.till.offline')") or ""))
    till.context.set_offline(True)
    for word in ("已记下", "本机已用过此码"):
        desk.get_by_label("顾客动态码").fill(text)
        desk.get_by_role("button", name="核对").click()
        if word == "已记下":
            expect(desk.get_by_text("地下一层八折")).to_be_visible()
            desk.get_by_role("button", name="核销").click()
        expect(desk.get_by_text(word)).to_be_visible()
        desk.get_by_role("button", name="下一位").click()
    expect(desk.locator("[data-pending]")).to_contain_text("1")
    assert server.ask("citizen-2", _CLAIM, i=claim_id)["me"]["claim"]["status"] == "CLAIMED"

    till.context.set_offline(False)
    expect(desk.locator("[data-pending]")).to_have_count(0)
    expect(page.get_by_text("已使用")).to_be_visible()
    used = server.ask("citizen-2", _CLAIM, i=claim_id)["me"]["claim"]
    assert (used["status"], used["offlineUses"]) == ("REDEEMED", [{"outcome": "REDEEMED"}])
