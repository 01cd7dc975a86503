"""Walk 3: a citizen takes an offer, a till redeems its code once, and learns one bit."""

import pytest

from incentives.redemption import SHOWN_AGAIN
from incentives.tables import redemption
from tests.harness.callers import Town


async def test_the_whole_walk(town: Town) -> None:
    opened = await town.act(
        "citizen-3",
        "scoreOpen",
        {"noticeHash": await town.notice("SCORE_OPEN"), "idempotencyKey": "open"},
        "score { value tier band { name from to } scale { demonstration } factors { message contribution } } replayed",
    )
    assert opened["score"]["value"] == sum(factor["contribution"] for factor in opened["score"]["factors"])
    assert opened["score"]["band"]["from"] <= opened["score"]["value"] < opened["score"]["band"]["to"]
    offers = await town.data(
        "citizen-3", "{ me { offers(eligibleOnly: true) { edges { node { eligible gaps { needed } } } } } }"
    )
    assert offers["me"]["offers"]["edges"]
    assert all(edge["node"] == {"eligible": True, "gaps": []} for edge in offers["me"]["offers"]["edges"])
    made = await town.claim("citizen-3", await town.open_offer(), key="claim")
    code = made["claim"]["codes"][0]["digits"]
    assert len(code) == 18
    checked = await town.act("till-1", "claimCheck", {"code": code}, "offerTitle benefitText")
    assert set(checked) == {"__typename", "offerTitle", "benefitText"}
    first = await town.redeem(code, key="sale", orderNumber="A-1", orderAmountYuan="128.00")
    again = await town.redeem(code, key="sale", orderNumber="A-1", orderAmountYuan="128.00")
    assert first["redemption"]["orderAmountYuan"] == "128.00"
    assert again == {**first, "replayed": True}
    other = await town.redeem(code, key="another sale")
    assert other == again
    claim = await town.data(
        "citizen-3", "query($i: ID!) { me { claim(id: $i) { status codes { digits } } } }", {"i": made["claim"]["id"]}
    )
    assert claim["me"]["claim"] == {"status": "REDEEMED", "codes": []}


async def test_a_phone_may_fetch_the_next_ten_codes_and_no_more(town: Town) -> None:
    made = await town.claim("citizen-2", await town.open_offer(), key="ten")
    document = "query($i: ID!) { me { claim(id: $i) { codes(first: 50) { digits validFrom validUntil } } } }"
    found = await town.data("citizen-2", document, {"i": made["claim"]["id"]})
    codes = found["me"]["claim"]["codes"]
    assert len({code["digits"] for code in codes}) == 10
    assert [code["validFrom"] for code in codes] == sorted(code["validFrom"] for code in codes)


async def test_every_no_at_the_till_is_one_code(town: Town) -> None:
    code = await town.code("citizen-2", key="one code")
    used = await town.code("citizen-2", key="used")
    await town.redeem(used, key="used")
    async with town.house.database.writing() as unit:  # long enough ago that its receipt is not shown again
        row = await unit.first(redemption.select())
        assert row is not None
        await unit.run(redemption.update().values(redeemed_at=row.redeemed_at - SHOWN_AGAIN))
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    refusals = [
        await town.act("till-1", "claimCheck", {"code": text}, "offerTitle")
        for text in (wrong, used, "0" * 18, "", "x", "２８" + "0" * 16, "中文" * 9, "9" * 5000)
    ]
    assert all(refusal == refusals[0] for refusal in refusals)
    assert refusals[0]["code"] == "NOT_REDEEMABLE"
    assert refusals[0]["details"] == []


async def test_a_refusal_is_kept_under_its_key(town: Town) -> None:
    first = await town.redeem("0" * 18, key="kept")
    again = await town.redeem("0" * 18, key="kept")
    other = await town.redeem("1" * 18, key="kept")
    assert first == again
    assert first["code"] == "NOT_REDEEMABLE"
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_the_same_sale_written_otherwise_is_the_same_sale(town: Town) -> None:
    code = await town.code("citizen-2", key="written")
    first = await town.redeem(code, key="written", orderAmountYuan="1.50")
    again = await town.redeem(code, key="written", orderAmountYuan="1.5")
    assert again == {**first, "replayed": True}


async def test_an_organisation_takes_no_persons_offer(town: Town) -> None:
    refused = await town.claim("company-1-legal", await town.open_offer(), key="company")
    assert refused["code"] == "NOT_ELIGIBLE"
    mine = await town.data("company-1-legal", "{ me { offers(eligibleOnly: true) { edges { cursor } } } }")
    assert mine["me"]["offers"]["edges"] == []
    every = await town.data("company-1-legal", "{ me { offers { edges { node { eligible gaps { condition } } } } } }")
    gaps = [edge["node"] for edge in every["me"]["offers"]["edges"]]
    assert all(gap == {"eligible": False, "gaps": [{"condition": "SUBJECT_KIND"}]} for gap in gaps)


async def test_what_is_missing_is_told_to_the_citizen_alone(town: Town) -> None:
    offers = await town.data(
        "citizen-6",
        "{ me { offers(first: 100) { edges { node { eligible gaps { message needed have } offer { id } } } } } }",
    )
    nodes = [edge["node"] for edge in offers["me"]["offers"]["edges"]]
    locked = next(node for node in nodes if not node["eligible"])
    assert locked["gaps"][0]["have"] is None
    refused = await town.claim("citizen-6", locked["offer"]["id"], key="locked")
    assert refused["code"] == "NOT_ELIGIBLE"
    assert refused["details"][0]["limit"] == locked["gaps"][0]["needed"]
    assert await town.count("SELECT count(*) FROM claim") == 0


async def test_eligible_only_is_exactly_the_offers_that_say_eligible(town: Town) -> None:
    offers = "offers(first: 100, eligibleOnly: $o) { edges { node { eligible offer { id } } } }"
    document = f"query($o: Boolean!) {{ me {{ {offers} }} }}"
    every = await town.data("citizen-1", document, {"o": False})
    mine = await town.data("citizen-1", document, {"o": True})
    eligible = [e["node"] for e in every["me"]["offers"]["edges"] if e["node"]["eligible"]]
    assert eligible == [e["node"] for e in mine["me"]["offers"]["edges"]]
    assert len(eligible) > 0


async def test_a_person_takes_no_more_than_the_offer_allows(town: Town) -> None:
    offers = await town.data(
        "citizen-7", "{ me { offers(first: 100, eligibleOnly: true) { edges { node { offer { id perPerson } } } } } }"
    )
    offer = next(e["node"]["offer"] for e in offers["me"]["offers"]["edges"] if e["node"]["offer"]["perPerson"] == 1)
    first = await town.claim("citizen-7", offer["id"], key="first")
    second = await town.claim("citizen-7", offer["id"], key="second")
    assert first["claim"]["status"] == "CLAIMED"
    assert second["code"] == "PERSON_LIMIT_REACHED"


async def test_closing_the_score_deletes_it_and_voids_unused_claims(town: Town) -> None:
    stock = await town.count("SELECT sum(left_over) FROM stock")
    made = await town.claim("citizen-7", await town.open_offer(), key="void")
    code = made["claim"]["codes"][0]["digits"]
    closed = await town.act("citizen-7", "scoreClose", {"idempotencyKey": "close"}, "scoreStatus voidedClaims replayed")
    assert closed == {"__typename": "ScoreClosePayload", "scoreStatus": "CLOSED", "voidedClaims": 1, "replayed": False}
    assert (await town.redeem(code, key="voided"))["code"] == "NOT_REDEEMABLE"
    assert await town.count("SELECT sum(left_over) FROM stock") == stock
    kept = await town.count(
        "SELECT count(*) FROM score WHERE status = 'CLOSED' AND (value IS NOT NULL OR factors IS NOT NULL)"
    )
    assert kept == 0
    again = await town.act("citizen-7", "scoreClose", {"idempotencyKey": "close"}, "voidedClaims replayed")
    assert again == {"__typename": "ScoreClosePayload", "voidedClaims": 1, "replayed": True}


async def test_a_partner_sees_receipts_and_a_till_its_own_store(town: Town) -> None:
    await town.redeem(await town.code("citizen-2", key="receipt"), key="receipt", orderNumber="R-1")
    redemptions = "redemptions { edges { node { number orderNumber store } } }"
    document = f"{{ partner {{ stores {{ name }} {redemptions} offers {{ edges {{ node {{ status }} }} }} }} }}"
    for persona in ("till-1", "partner-1"):
        desk = (await town.data(persona, document))["partner"]
        assert [edge["node"]["orderNumber"] for edge in desk["redemptions"]["edges"]] == ["R-1"]


@pytest.mark.parametrize("mutation", ["claimCheck", "claimRedeem"])
@pytest.mark.parametrize("who", ["citizen-1", "bank-1", "partner-1"])
async def test_only_a_till_redeems(town: Town, who: str, mutation: str) -> None:
    kind = mutation[0].upper() + mutation[1:]
    input_ = {"code": "0" * 18} | ({"idempotencyKey": "k"} if mutation == "claimRedeem" else {})
    answer = await town.ask(
        who, f"mutation($i: {kind}Input!) {{ {mutation}(input: $i) {{ __typename }} }}", {"i": input_}
    )
    assert (answer.status, answer.code) == (403, "FORBIDDEN")


_SALES = {
    "a negative amount": {"orderAmountYuan": "-1.00"},
    "a third of a cent": {"orderAmountYuan": "1.001"},
    "too much": {"orderAmountYuan": "1000000.01"},
    "an endless number": {"orderNumber": "9" * 65},
    "an empty number": {"orderNumber": ""},
}


@pytest.mark.parametrize("_case", _SALES)
async def test_a_bad_sale_spends_nothing(town: Town, _case: str) -> None:
    code = await town.code("citizen-2", key="sale")
    refused = await town.redeem(code, key="bad", **_SALES[_case])
    assert refused["code"] == "INVALID_INPUT"
    assert (await town.redeem(code, key="good"))["__typename"] == "ClaimRedeemPayload"
