"""Every guard of a claim's life, tried at the moment for which it is there: what was read is no longer so.

What somebody else commits between a look and the statement that acts on it is written here in the act's own
transaction: SQLite has one writer, and the statement cannot tell the difference. docs/guards.md lists the guards.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core import database
from incentives import claims, issuing, redemption, reversal, tries
from incentives.tables import claim, offer, offline_upload, store
from incentives.tables import redemption as receipt
from incentives.tables import reversal as undone
from tests.harness import offering
from tests.harness.callers import Town

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_PAST = datetime(2026, 1, 1, tzinfo=UTC)


def _after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, statement: str, **values: object) -> None:
    """Once `module.name` has answered, and before anything acts on its answer, this has happened."""
    real: Callable[..., Awaitable[Any]] = getattr(module, name)

    async def answering(unit: Any, *given: Any, **named: Any) -> Any:
        answer = await real(unit, *given, **named)
        await unit.run(text(statement), values)
        return answer

    monkeypatch.setattr(module, name, answering)


async def _taken(town: Town, key: str = "c", persona: str = "citizen-2") -> dict[str, Any]:
    return dict((await town.claim(persona, await town.open_offer(), key=key))["claim"])


async def _redeemed(town: Town, made: dict[str, Any], key: str = "r") -> dict[str, Any]:
    return await town.redeem(made["codes"][0]["digits"], key=key)


async def _reverse(town: Town, made: dict[str, Any], key: str = "u") -> dict[str, Any]:
    given = {"redemptionId": made["redemption"]["id"], "reason": "点错", "idempotencyKey": key}
    return await town.act("till-1", "redemptionReverse", given, "replayed")


async def _set(town: Town, statement: str, **values: object) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(text(statement), values)


async def _statuses(town: Town) -> list[str]:
    async with town.house.database.reading() as unit:
        return sorted(row.status for row in await unit.all(claim.select()))


async def _stock(town: Town) -> int:
    return await town.count("SELECT sum(left_over) FROM stock")


# -------------------------------------------------------------------------------------------------------------- taking
@pytest.mark.parametrize(
    ("becomes", "code"),
    [("left_over = 0", "SOLD_OUT"), ("standing = NULL", "ENDED"), ("standing = 2", "VERSION_CHANGED")],
)
async def test_what_is_gone_when_it_is_taken_is_not_taken(
    town: Town, monkeypatch: pytest.MonkeyPatch, becomes: str, code: str
) -> None:
    offer_id = await town.open_offer()
    _after(monkeypatch, claims, "_take_slot", f"UPDATE stock SET {becomes} WHERE offer_id = :o", o=offer_id)
    before = await _stock(town)
    assert (await town.claim("citizen-2", offer_id, key="c"))["code"] == code
    assert (await _statuses(town), await _stock(town)) == ([], before)


async def test_a_slot_that_was_seen_free_and_is_not_is_not_taken_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _set(town, "UPDATE offer SET per_person = 1")
    await _taken(town)
    real, looks = database.WriteUnit.all, list[str]()

    async def blind_once(unit: database.WriteUnit, statement: Any, values: Any = None) -> Any:
        rows = await real(unit, statement, values)
        if "claim.slot IS NOT NULL" not in str(statement):
            return rows
        looks.append("again")
        return rows if len(looks) > 1 else []

    monkeypatch.setattr(database.WriteUnit, "all", blind_once)
    refused = await town.claim("citizen-2", await town.open_offer(), key="again")
    assert (refused["code"], len(looks)) == ("PERSON_LIMIT_REACHED", 2)
    assert await _statuses(town) == ["CLAIMED"]


async def test_another_version_an_old_one_and_anothers_claim_are_not_given_back(town: Town) -> None:
    mine, other = await _taken(town), await _taken(town, "o", "citizen-3")
    before = await _stock(town)
    given = {"claimId": mine["id"], "expectedVersion": 2}
    assert (await town.act("citizen-2", "claimCancel", given, "replayed"))["code"] == "VERSION_CHANGED"
    theirs = {"claimId": other["id"], "expectedVersion": 1}
    assert (await town.act("citizen-2", "claimCancel", theirs, "replayed"))["code"] == "NOT_AVAILABLE"
    await _set(town, "UPDATE claim SET expires_at = :p WHERE id = :c", p=str(_PAST)[:19], c=mine["id"])
    over = {"claimId": mine["id"], "expectedVersion": 1}
    assert (await town.act("citizen-2", "claimCancel", over, "replayed"))["code"] == "NOT_CLAIMED"
    assert (await _statuses(town), await _stock(town)) == (["CLAIMED", "CLAIMED"], before)


async def test_one_persons_closing_voids_their_own_unused_claims_once(town: Town) -> None:
    back, theirs = await _taken(town, "b"), await _taken(town, "o", "citizen-3")
    given = {"claimId": back["id"], "expectedVersion": 1}
    await town.act("citizen-2", "claimCancel", given, "replayed")
    used, _ = await _taken(town), await _taken(town, "k")
    await _redeemed(town, used)
    before = await _stock(town)
    for key in ("close", "close again"):
        await town.act("citizen-2", "scoreClose", {"idempotencyKey": key}, "__typename")
        assert await _statuses(town) == ["CANCELLED", "CLAIMED", "REDEEMED", "VOIDED"]
        assert await _stock(town) == before + 1
    for made, version in ((theirs, 1), (back, 2), (used, 3)):
        assert await town.count("SELECT version FROM claim WHERE id = :i", i=made["id"]) == version


async def test_one_is_taken_and_given_back_of_one_offer(town: Town) -> None:
    before = await town.count("SELECT sum(left_over) FROM stock")
    made = await _taken(town)
    assert await _stock(town) == before - 1
    given = {"claimId": made["id"], "expectedVersion": 1}
    assert (await town.act("citizen-2", "claimCancel", given, "replayed"))["replayed"] is False
    assert await _stock(town) == before


# ------------------------------------------------------------------------------------------------------------ redeeming
@pytest.mark.parametrize(
    "becomes", ["status = 'CANCELLED'", "status = 'VOIDED'", "expires_at = '2026-01-01 00:00:00.000000'"]
)
async def test_a_claim_that_was_seen_good_and_is_not_is_not_redeemed(
    town: Town, monkeypatch: pytest.MonkeyPatch, becomes: str
) -> None:
    made, other = await _taken(town), await _taken(town, "o", "citizen-3")
    _after(monkeypatch, redemption, "_good_for", f"UPDATE claim SET {becomes} WHERE id = :c", c=made["id"])
    told = await town.count("SELECT count(*) FROM outbox")
    assert (await _redeemed(town, made))["code"] == "NOT_REDEEMABLE"
    assert await town.count("SELECT count(*) FROM redemption") == 0
    assert await town.count("SELECT count(*) FROM outbox") == told
    assert await town.count("SELECT count(*) FROM claim WHERE redeemed_at IS NOT NULL") == 0
    assert await town.count("SELECT version FROM claim WHERE id = :i", i=other["id"]) == 1


async def test_one_code_spends_one_claim(town: Town) -> None:
    made = await _taken(town)
    await _taken(town, "k")
    await _taken(town, "o", "citizen-3")
    await _redeemed(town, made)
    assert await _statuses(town) == ["CLAIMED", "CLAIMED", "REDEEMED"]
    assert await town.count("SELECT count(*) FROM redemption") == 1


async def test_a_code_of_another_merchants_or_stores_offer_is_no_code(town: Town) -> None:
    """Also where a store was entered for an offer that is not its merchant's, or a till for a store that is not."""
    made = await _taken(town)
    offer_id = await _offer_of(town, made)
    async with town.house.database.reading() as unit:
        mine = (await unit.all(store.select().where(store.c.party_id == await _merchant(town, offer_id))))[0]
        theirs = (await unit.all(store.select().where(store.c.party_id != mine.party_id)))[0]
    tills = [(theirs.party_id, theirs.id), (mine.party_id, theirs.id), (theirs.party_id, mine.id)]
    sale, at, code = redemption.Sale(), datetime.now(UTC), made["codes"][0]["digits"]
    for entered in (False, True):
        if entered:
            entry = "INSERT INTO offer_store (offer_id, number, store_id) VALUES (:o, 1, :s)"
            await _set(town, entry, o=offer_id, s=theirs.id)
        for party_id, store_id in tills:
            async with town.house.database.writing() as unit:
                till = redemption.Till(party_id, store_id, "stf_other")
                with pytest.raises(redemption.NotRedeemable):
                    await redemption.redeem(unit, till, code, sale, at=at)
    assert await _statuses(town) == ["CLAIMED"]


async def test_a_code_is_good_at_the_stores_of_its_version(town: Town) -> None:
    """Not at the merchant's others, and not at those of another version."""
    made = await _taken(town)
    offer_id = await _offer_of(town, made)
    async with town.house.database.reading() as unit:
        till = (await unit.all(store.select().where(store.c.party_id == await _merchant(town, offer_id))))[0]
    await _set(town, "UPDATE offer_store SET number = 2 WHERE offer_id = :o", o=offer_id)
    assert (await _redeemed(town, made))["code"] == "NOT_REDEEMABLE"
    await _set(town, "UPDATE offer_store SET number = 1 WHERE offer_id = :o", o=offer_id)
    async with town.house.database.writing() as unit:
        other = redemption.Till(till.party_id, "sto_other", "stf_other")
        await unit.run(store.insert().values({**till._asdict(), "id": "sto_other"}))
        code, sale, at = made["codes"][0]["digits"], redemption.Sale(), datetime.now(UTC)
        with pytest.raises(redemption.NotRedeemable):
            await redemption.redeem(unit, other, code, sale, at=at)
    assert await _statuses(town) == ["CLAIMED"]
    entry = "INSERT INTO offer_store (offer_id, number, store_id) VALUES (:o, 1, 'sto_other')"
    await _set(town, entry, o=offer_id)
    for store_id in (till.id, "sto_other"):
        async with town.house.database.writing() as unit:
            one = redemption.Till(till.party_id, store_id, "stf_other")
            assert (await redemption.check(unit, one, code, at=at)).receipt is None


async def test_one_tills_wrong_codes_are_not_anothers(town: Town) -> None:
    for staff_id in ("stf_a", "stf_b"):
        async with town.house.database.writing() as unit:
            till = redemption.Till("pty_x", "sto_x", staff_id)
            await tries.begin(unit, till, at=datetime.now(UTC))
            await tries.count(unit, till)
    assert await town.count("SELECT max(wrong) FROM till_tries") == 1


async def _merchant(town: Town, offer_id: str) -> str:
    async with town.house.database.reading() as unit:
        return str((await unit.all(offer.select().where(offer.c.id == offer_id)))[0].party_id)


async def _offer_of(town: Town, made: dict[str, Any]) -> str:
    async with town.house.database.reading() as unit:
        return str((await unit.all(claim.select().where(claim.c.id == made["id"])))[0].offer_id)


# -------------------------------------------------------------------------------------------------------------- undoing
@pytest.mark.parametrize("becomes", ["reversals = reversals + 1", "status = 'CLAIMED', redeemed_at = NULL"])
async def test_a_cycle_that_was_seen_standing_and_is_not_is_not_undone(
    town: Town, monkeypatch: pytest.MonkeyPatch, becomes: str
) -> None:
    made = await _redeemed(town, await _taken(town))
    _after(monkeypatch, reversal, "_find", f"UPDATE claim SET {becomes}")
    assert (await _reverse(town, made))["code"] == "ALREADY_REVERSED"
    assert await _statuses(town) == ["REDEEMED"]
    assert await town.count("SELECT count(*) FROM reversal") == 0


async def test_what_another_call_wrote_down_as_undone_is_not_undone_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await _redeemed(town, await _taken(town))
    written = "INSERT INTO reversal (redemption_id, staff_id, reason, reversed_at) VALUES (:r, 's', 'x', '2026-01-01')"
    _after(monkeypatch, reversal, "_undo", written, r=made["redemption"]["id"])
    assert (await _reverse(town, made))["code"] == "ALREADY_REVERSED"
    assert await _statuses(town) == ["REDEEMED"]


async def test_undoing_one_receipt_leaves_the_others(town: Town) -> None:
    one, _ = [await _redeemed(town, await _taken(town, key), key) for key in ("a", "b")]
    assert (await _reverse(town, one))["replayed"] is False
    assert await _statuses(town) == ["CLAIMED", "REDEEMED"]


# -------------------------------------------------------------------------------------------------------------- belts
async def _copy(town: Town, table: Any, **changed: object) -> None:
    async with town.house.database.writing() as unit:
        row = (await unit.all(table.select()))[0]._asdict()
        await unit.run(table.insert().values({**row, **changed}))


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        pytest.param(claim, {"id": "clm_2", "handle": "x"}, id="uq_claim_person_slot"),
        pytest.param(claim, {"id": "clm_2", "slot": 9}, id="uq_claim_handle"),
        pytest.param(receipt, {"id": "rdm_2", "number": "x"}, id="uq_redemption_claim_cycle"),
        pytest.param(receipt, {"id": "rdm_2", "cycle": 9}, id="uq_redemption_number"),
        pytest.param(undone, {"reason": "again"}, id="pk_reversal"),
    ],
)
async def test_the_database_itself_takes_nothing_twice(town: Town, table: Any, changed: dict[str, object]) -> None:
    await _reverse(town, await _redeemed(town, await _taken(town)))
    with pytest.raises(IntegrityError):
        await _copy(town, table, **changed)
    await _copy(town, claim, id="clm_2", handle="x", slot=9)  # and everything else it takes


# ------------------------------------------------------------------------------------------------------------- offline
async def _offline_pair(town: Town) -> list[tuple[str, str]]:
    """Two claims of an offer that works offline, and its store."""
    store_id = (await offering.stores(town, "till-1"))[0]
    offer_id = await offering.live(town, "offline", worksOffline=True)
    return [((await town.claim("citizen-2", offer_id, key=key))["claim"]["id"], store_id) for key in "ab"]


async def _issue(town: Town, pair: tuple[str, str]) -> dict[str, Any]:
    given = {"claimId": pair[0], "storeId": pair[1], "expectedVersion": 1}
    return await town.act("citizen-2", "claimOffline", given, "claim { codes { digits } offline { text } } replayed")


@pytest.mark.parametrize("becomes", ["version = 2", "status = 'EXPIRED'"])
async def test_a_claim_that_was_seen_unused_and_is_not_gets_no_offline_code(
    town: Town, monkeypatch: pytest.MonkeyPatch, becomes: str
) -> None:
    one, _ = await _offline_pair(town)
    _after(monkeypatch, issuing, "_check", f"UPDATE claim SET {becomes} WHERE id = :c", c=one[0])
    assert (await _issue(town, one))["code"] == "VERSION_CHANGED"
    assert await town.count("SELECT count(*) FROM claim WHERE offline_cycle IS NOT NULL") == 0


async def test_an_offline_code_is_one_claims_and_keeps_it_from_another_store(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await _offline_pair(town)
    made = await _issue(town, one)
    assert await town.count("SELECT count(*) FROM claim WHERE offline_cycle IS NOT NULL") == 1
    later = "UPDATE claim SET offline_store_id = 'sto_x' WHERE id = :c"
    _after(monkeypatch, redemption, "_good_for", later, c=one[0])
    assert (await _redeemed(town, made["claim"]))["code"] == "NOT_REDEEMABLE"
    assert await _statuses(town) == ["CLAIMED", "CLAIMED"]
    assert other[0] != one[0]


async def test_of_what_tills_bring_the_database_itself_counts_one_a_cycle(town: Town) -> None:
    one, _ = await _offline_pair(town)
    made = await _issue(town, one)
    brought = {
        "code": made["claim"]["offline"]["text"],
        "acceptance": "x" * 16,
        "acceptedAt": datetime.now(UTC).isoformat(),
    }
    assert (await town.act("till-1", "offlineUpload", brought, "outcome"))["outcome"] == "REDEEMED"
    await _copy(town, receipt, id="rdm_2", number="x", cycle=9)
    for changed in ({}, {"acceptance": "y", "redemption_id": "rdm_2"}, {"acceptance": "y", "cycle": 2}):
        with pytest.raises(IntegrityError):
            await _copy(town, offline_upload, **changed)
    for changed in ({"outcome": "LATE"}, {"redemption_id": None}):
        with pytest.raises(IntegrityError):
            await _copy(town, offline_upload, **{"acceptance": "y", "cycle": 2, **changed})
    late = {"acceptance": "y", "outcome": "LATE", "redemption_id": None}
    await _copy(town, offline_upload, **late)  # and everything else
    with pytest.raises(IntegrityError):
        await _copy(town, offline_upload, **late)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE stock SET left_over = -1", id="ck_stock_never_oversold"),
        pytest.param("UPDATE claim SET redeemed_at = NULL", id="ck_claim_redeemed_at"),
        pytest.param("UPDATE claim SET status = 'VOIDED'", id="ck_claim_redeemed_at_of_a_void_one"),
        pytest.param("UPDATE till_tries SET wrong = -1", id="ck_till_tries_wrong"),
    ],
)
async def test_the_database_itself_keeps_no_impossible_row(town: Town, statement: str) -> None:
    await _redeemed(town, await _taken(town))
    assert (await town.redeem("0" * 18, key="wrong"))["code"] == "NOT_REDEEMABLE"
    with pytest.raises(IntegrityError):
        await _set(town, statement)
