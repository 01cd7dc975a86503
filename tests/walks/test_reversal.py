"""A till undoes its mistake: once, within a day, and everything it took is where it was."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from incentives import worth
from incentives.kinds import BenefitKind
from parties import admission, links
from parties.kinds import Post
from parties.links import Owner
from tests.harness.callers import Town

_RECEIPT = "redemption { id number reversed reversibleUntil benefitAmountYuan } replayed"
_CLAIM = "query($i: ID!) { me { claim(id: $i) { version status codes { digits } } } }"


async def _redeemed(town: Town, key: str, **sale: str) -> tuple[dict[str, Any], str]:
    """A claim of citizen-2's, and the id of its redemption."""
    made = (await town.claim("citizen-2", await town.open_offer(), key=key))["claim"]
    return made, str((await town.redeem(made["codes"][0]["digits"], key=key, **sale))["redemption"]["id"])


async def _reverse(town: Town, id_: str, *, key: str, till: str = "till-1", reason: str = "点错") -> dict[str, Any]:
    input_ = {"redemptionId": id_, "reason": reason, "idempotencyKey": key}
    return await town.act(till, "redemptionReverse", input_, _RECEIPT)


async def _claim(town: Town, id_: str) -> dict[str, Any]:
    return dict((await town.data("citizen-2", _CLAIM, {"i": id_}))["me"]["claim"])


async def _set(town: Town, statement: str, **values: object) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(text(statement), values)


async def _stock(town: Town) -> int:
    return await town.count("SELECT sum(left_over) FROM stock")


async def test_a_mistake_is_undone_found_by_its_number_and_the_claim_used_again(town: Town) -> None:
    made, id_ = await _redeemed(town, "one", orderAmountYuan="128.00")
    left = await _stock(town)
    number = "query($n: String) { partner { redemptions(number: $n) { edges { node { id number reversed } } } } }"
    receipt = (await town.data("till-1", "{ partner { redemptions { edges { node { number } } } } }"))["partner"]
    given = {"n": receipt["redemptions"]["edges"][0]["node"]["number"]}
    found = (await town.data("till-1", number, given))["partner"]["redemptions"]["edges"][0]["node"]
    assert (found["id"], found["reversed"]) == (id_, False)
    undone = await _reverse(town, found["id"], key="undo")
    assert (undone["redemption"]["reversed"], undone["replayed"]) == (True, False)
    assert undone["redemption"]["benefitAmountYuan"] == "12.80"
    assert await _reverse(town, id_, key="undo") == {**undone, "replayed": True}
    assert (await _reverse(town, id_, key="undo", reason="别的"))["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert (await _reverse(town, id_, key="again"))["code"] == "ALREADY_REVERSED"
    again = await _claim(town, made["id"])
    assert again["status"] == "CLAIMED"
    assert await _stock(town) == left  # its unit stays with the claim
    second = await town.redeem(again["codes"][0]["digits"], key="second")
    assert second["redemption"]["id"] != id_
    assert (await _reverse(town, id_, key="the first once more"))["code"] == "ALREADY_REVERSED"
    told = await town.data("citizen-2", "{ me { notices { edges { node { kind message } } } } }")
    kinds = [edge["node"]["kind"] for edge in told["me"]["notices"]["edges"]]
    assert kinds[:3] == ["CLAIM_REDEEMED", "REDEMPTION_REVERSED", "CLAIM_REDEEMED"]


async def test_a_claim_whose_term_is_over_gives_stock_and_slot_back(town: Town) -> None:
    made, id_ = await _redeemed(town, "late")
    left = await _stock(town)
    await _set(town, "UPDATE claim SET expires_at = created_at WHERE id = :i", i=made["id"])
    assert (await _reverse(town, id_, key="undo"))["redemption"]["reversed"]
    assert await _stock(town) == left + 1
    assert (await _claim(town, made["id"]))["status"] == "VOIDED"
    assert await town.count("SELECT count(*) FROM claim WHERE id = :i AND slot IS NULL", i=made["id"]) == 1


async def test_an_offer_that_has_ended_gets_no_stock_back(town: Town) -> None:
    made, id_ = await _redeemed(town, "ended")
    left = await _stock(town)
    await _set(town, "UPDATE claim SET expires_at = created_at WHERE id = :i", i=made["id"])
    await _set(town, "UPDATE offer SET status = 'ENDED'")
    assert (await _reverse(town, id_, key="undo"))["redemption"]["reversed"]
    assert await _stock(town) == left


async def test_what_is_undone_after_consent_ended_does_not_come_back(town: Town) -> None:
    made, id_ = await _redeemed(town, "consent")
    await town.act("citizen-2", "scoreClose", {"idempotencyKey": "close"}, "voidedClaims")
    assert (await _claim(town, made["id"]))["status"] == "REDEEMED"
    left = await _stock(town)
    assert (await _reverse(town, id_, key="undo"))["redemption"]["reversed"]
    assert (await _claim(town, made["id"]))["status"] == "VOIDED"
    assert await _stock(town) == left + 1


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_the_tenth_time_is_the_last(town: Town) -> None:
    made, id_ = await _redeemed(town, "cycle 1")
    for cycle in range(2, 11):
        await _reverse(town, id_, key=f"undo {cycle}")
        code = (await _claim(town, made["id"]))["codes"][0]["digits"]
        id_ = (await town.redeem(code, key=f"cycle {cycle}"))["redemption"]["id"]
    await _reverse(town, id_, key="undo the tenth")
    assert (await _claim(town, made["id"]))["status"] == "VOIDED"


async def test_after_a_day_nothing_is_undone(town: Town) -> None:
    made, id_ = await _redeemed(town, "a day")
    past = datetime.now(UTC) - timedelta(seconds=1)
    async with town.house.database.writing() as unit:
        from incentives.tables import redemption

        await unit.run(redemption.update().values(reversible_until=past))
    assert (await _reverse(town, id_, key="undo"))["code"] == "REVERSAL_WINDOW_CLOSED"
    assert (await _claim(town, made["id"]))["status"] == "REDEEMED"


@pytest.mark.parametrize("reason", ["", " ", "由" * 201])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_reason_is_needed(town: Town, reason: str) -> None:
    _, id_ = await _redeemed(town, "reason")
    refused = await _reverse(town, id_, key="undo", reason=reason)
    assert (refused["code"], refused["details"][0]["path"]) == ("INVALID_INPUT", ["input", "reason"])
    assert await town.count("SELECT count(*) FROM reversal") == 0


async def test_another_stores_receipt_is_absent(town: Town) -> None:
    """Another merchant's till, another store's of the same merchant, and a receipt that never was: one answer."""
    _, id_ = await _redeemed(town, "theirs")
    async with town.house.database.writing() as unit:
        for name, code in (("till-2", "PARTNER1"), ("till-3", "PARTNER2")):
            row = await unit.first(
                text(
                    "SELECT party.id, (SELECT max(store.id) FROM store WHERE store.party_id <> party.id) AS other, "
                    "(SELECT max(store.id) FROM store WHERE store.party_id = party.id) AS own FROM party "
                    "WHERE party.code = :c"
                ),
                {"c": code},
            )
            assert row is not None
            store_id = row.other if name == "till-2" else row.own
            staff = await admission.employ(unit, row.id, label="收银台", post=Post.TILL, store_id=store_id)
            await links.link(unit, issuer="urn:haihe:demonstration", name=name, owner=Owner(staff_id=staff))
    answers = []
    for name, receipt in (("till-2", id_), ("till-3", id_), ("till-1", "rdm_00000000000000000000"), ("till-1", "")):
        answers.append(await _as_till(town, name, receipt))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["code"] == "NOT_AVAILABLE"
    assert await town.count("SELECT count(*) FROM reversal") == 0


async def _as_till(town: Town, name: str, receipt: str) -> dict[str, Any]:
    from api import personas

    async with town.house.database.reading() as unit:
        party_id = await personas.lookup.employer_of(unit, issuer="urn:haihe:demonstration", name=name)
    token = personas.sign(
        town.house.rings, personas.PERSONAS["till-1"], name, party_id, audience="haihe", at=datetime.now(UTC)
    )
    document = (
        "mutation($i: RedemptionReverseInput!) { redemptionReverse(input: $i) { __typename ... on Refusal "
        "{ code message details { code } } } }"
    )
    input_ = {"redemptionId": receipt, "reason": "点错", "idempotencyKey": f"{name} {receipt}"}
    answer = await town.ask(None, document, {"i": input_}, headers={"Authorization": f"Bearer {token}"})
    return dict(answer["data"]["redemptionReverse"])


@pytest.mark.parametrize("who", ["citizen-1", "bank-1", "partner-1"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_only_a_till_undoes(town: Town, who: str) -> None:
    document = "mutation($i: RedemptionReverseInput!) { redemptionReverse(input: $i) { __typename } }"
    answer = await town.ask(who, document, {"i": {"redemptionId": "x", "reason": "x", "idempotencyKey": "k"}})
    assert (answer.status, answer.code) == (403, "FORBIDDEN")


# ------------------------------------------------------------------------------------------------- giving back
async def test_an_unused_claim_is_given_back_once(town: Town) -> None:
    left = await _stock(town)
    made = (await town.claim("citizen-2", await town.open_offer(), key="given back"))["claim"]
    version = (await _claim(town, made["id"]))["version"]
    stale = await _cancel(town, made["id"], version + 1)
    assert stale["code"] == "VERSION_CHANGED"
    first, second = await _cancel(town, made["id"], version), await _cancel(town, made["id"], version)
    assert (first["claim"]["status"], first["replayed"]) == ("CANCELLED", False)
    assert second == {**first, "replayed": True}
    assert await _stock(town) == left
    assert (await town.redeem(made["codes"][0]["digits"], key="too late"))["code"] == "NOT_REDEEMABLE"


async def test_what_is_used_or_anothers_is_not_given_back(town: Town) -> None:
    made, _ = await _redeemed(town, "used")
    version = (await _claim(town, made["id"]))["version"]
    assert (await _cancel(town, made["id"], version))["code"] == "NOT_CLAIMED"
    other = (await town.claim("citizen-7", await town.open_offer(), key="another's"))["claim"]
    assert (await _cancel(town, other["id"], 1))["code"] == "NOT_AVAILABLE"
    assert (await _cancel(town, "clm_00000000000000000000", 1))["code"] == "NOT_AVAILABLE"


async def _cancel(town: Town, id_: str, version: int) -> dict[str, Any]:
    input_ = {"claimId": id_, "expectedVersion": version}
    return await town.act("citizen-2", "claimCancel", input_, "claim { id version status codes { digits } } replayed")


# ------------------------------------------------------------------------------------------------- worth
_D = Decimal


@pytest.mark.parametrize(
    ("kind", "figure", "order", "expected"),
    [
        (BenefitKind.DISCOUNT, _D("10"), _D("128.00"), "12.80"),
        (BenefitKind.DISCOUNT, _D("15"), _D("0.10"), "0.02"),
        (BenefitKind.DISCOUNT, _D("33.33"), _D("0.01"), "0.00"),
        (BenefitKind.DISCOUNT, _D("200"), _D("5.00"), "5.00"),
        (BenefitKind.DISCOUNT, _D("10"), None, None),
        (BenefitKind.DISCOUNT, None, _D("5.00"), None),
        (BenefitKind.FEE_WAIVER, _D("20"), None, "20.00"),
        (BenefitKind.FEE_WAIVER, _D("20"), _D("12.5"), "12.50"),
        (BenefitKind.DEPOSIT_FREE, _D("2000"), _D("12.5"), None),
        (BenefitKind.GIFT, _D("3"), _D("12.5"), None),
    ],
)
def test_what_a_benefit_is_worth(
    kind: BenefitKind, figure: Decimal | None, order: Decimal | None, expected: str | None
) -> None:
    found = worth.in_yuan(kind, figure, order)
    assert (None if found is None else str(found)) == expected
