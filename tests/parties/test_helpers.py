"""Helpers through the API: who offers shows a code, who agrees names a day, and either ends it at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api import personas
from core.moments import day_of
from parties import mandates
from tests.harness.callers import Answered, Town
from tests.harness.scale import scaled

_HELPER = "helper { id kind name validUntil endedAt } replayed"
_OFFER = "{ viewer { helperOffer { code validUntil } } }"
_HELPERS = "{ me { helpers { id kind name } } }"


async def _offer(town: Town, persona: str = "citizen-6") -> str:
    return str((await town.data(persona, _OFFER))["viewer"]["helperOffer"]["code"])


async def _give(town: Town, code: str, *, by: str = "citizen-5", key: str = "k", days: int = 30) -> dict[str, Any]:
    until = (day_of(datetime.now(UTC)) + timedelta(days=days)).isoformat()
    given = {"helperCode": code, "validUntil": until, "idempotencyKey": key}
    return await town.act(by, "mandateGive", given, _HELPER)


async def _end(town: Town, by: str, mandate_id: str) -> dict[str, Any]:
    return await town.act(by, "mandateEnd", {"mandateId": mandate_id}, _HELPER)


async def _by(town: Town, persona: str, mandate_id: str, document: str, **variables: Any) -> Answered:
    token = personas.mint(town.house.rings, persona, None, audience="haihe", at=datetime.now(UTC), mandate=mandate_id)
    return await town.ask(None, document, variables, headers={"Authorization": f"Bearer {token}"})


async def test_a_helper_offers_the_person_agrees_and_ends_it_at_once(town: Town) -> None:
    made = await _give(town, await _offer(town))
    helper = made["helper"]
    assert (helper["kind"], helper["endedAt"], made["replayed"]) == ("HELPER", None, False)
    own = await town.data("citizen-5", "{ me { name helpers { id kind name } notices { edges { node { kind } } } } }")
    assert own["me"]["helpers"] == [{"id": helper["id"], "kind": "HELPER", "name": helper["name"]}]
    assert own["me"]["notices"]["edges"][0] == {"node": {"kind": "HELPER_GIVEN"}}
    seen = await _by(town, "citizen-6", helper["id"], "{ me { name } }")
    assert seen["data"]["me"]["name"] == own["me"]["name"]

    ended = await _end(town, "citizen-5", helper["id"])
    assert (ended["helper"]["endedAt"] is not None, ended["replayed"]) == (True, False)
    assert (await _by(town, "citizen-6", helper["id"], "{ me { name } }")).status == 403
    assert (await _end(town, "citizen-5", helper["id"]))["replayed"]
    assert (await town.data("citizen-5", _HELPERS))["me"]["helpers"] == []
    told = (await town.data("citizen-6", "{ me { notices { edges { node { kind } } } } }"))["me"]["notices"]["edges"]
    assert told == [{"node": {"kind": "HELPER_ENDED"}}]
    assert "helper" in await _give(town, await _offer(town), key="again")


async def test_the_helper_ends_it_too_and_nobody_else(town: Town) -> None:
    mandate_id = (await _give(town, await _offer(town)))["helper"]["id"]
    for stranger, id_ in (("citizen-1", mandate_id), ("citizen-5", "mdt_" + "0" * 20)):
        assert (await _end(town, stranger, id_))["code"] == "NOT_AVAILABLE"
    assert await town.count("SELECT count(*) FROM mandate WHERE ended_at IS NOT NULL") == 0
    assert not (await _end(town, "citizen-6", mandate_id))["replayed"]
    assert (await _by(town, "citizen-6", mandate_id, "{ me { name } }")).status == 403


async def test_a_guardianship_ends_by_law_alone(town: Town) -> None:
    (guardian,) = (await town.data("ward-1", _HELPERS))["me"]["helpers"]
    assert guardian["kind"] == "GUARDIAN"
    for side in ("ward-1", "citizen-3"):
        refused = await _end(town, side, guardian["id"])
        assert [detail["code"] for detail in refused["details"]] == ["GUARDIAN_BY_LAW"]
    assert (await _by(town, "citizen-3", guardian["id"], "{ me { name } }")).status == 200


async def test_a_code_is_the_services_own_and_of_now(town: Town) -> None:
    person = (await town.data("citizen-6", "{ me { id } }"))["me"]["id"]
    then = datetime.now(UTC) - mandates.OFFER_LIFE - timedelta(seconds=2)
    stale, _ = mandates.offer(town.house.vault, person, at=then)
    code = await _offer(town)
    cursor = (await town.data("citizen-5", "{ offers(first: 1) { edges { cursor } } }"))["offers"]["edges"][0]["cursor"]
    for n, wrong in enumerate(("", "x", "é" * 30, code[:-2], code + "A" * 500, stale, cursor)):
        refused = await _give(town, wrong, key=f"w{n}")
        assert (refused["code"], refused["details"]) == ("NOT_AVAILABLE", []), wrong
    assert person not in code
    assert (await _give(town, await _offer(town, "citizen-5"), key="own"))["details"][0]["code"] == "ANOTHER"
    assert (await _give(town, code, key="past", days=-1))["details"][0]["code"] == "PAST"
    assert (await _give(town, code, key="long", days=400))["details"][0]["code"] == "TERM_TOO_LONG"
    assert await town.count("SELECT count(*) FROM mandate") == 2


async def test_who_acts_for_another_passes_nothing_on_and_offers_nothing(town: Town) -> None:
    mandate_id = (await _give(town, await _offer(town)))["helper"]["id"]
    (guardian,) = (await town.data("ward-1", _HELPERS))["me"]["helpers"]
    give = "mutation($i: MandateGiveInput!) { mandateGive(input: $i) { __typename } }"
    end = "mutation($i: MandateEndInput!) { mandateEnd(input: $i) { __typename } }"
    given = {"helperCode": await _offer(town, "citizen-9"), "validUntil": "2027-01-01", "idempotencyKey": "x"}
    for holder, held in (("citizen-6", mandate_id), ("citizen-3", guardian["id"])):
        assert (await _by(town, holder, held, give, i=given)).status == 403
        assert (await _by(town, holder, held, end, i={"mandateId": held})).status == 403
        assert (await _by(town, holder, held, _OFFER))["data"]["viewer"] == {"helperOffer": None}
    assert (await town.data("bank-1", _OFFER))["viewer"] == {"helperOffer": None}
    # A helper sees that they are one, and not who else is.
    await _give(town, await _offer(town, "citizen-9"), key="second")
    shown = (await _by(town, "citizen-6", mandate_id, _HELPERS))["data"]["me"]["helpers"]
    assert [helper["id"] for helper in shown] == [mandate_id]


async def test_one_whose_last_day_has_passed_stands_in_nobodys_way(town: Town) -> None:
    from sqlalchemy import text

    mandate_id = (await _give(town, await _offer(town)))["helper"]["id"]
    assert (await _give(town, await _offer(town), key="k2"))["code"] == "MANDATE_STANDS"
    gone = day_of(datetime.now(UTC)) - timedelta(days=1)
    async with town.house.database.writing() as unit:
        moved = text("UPDATE mandate SET valid_from = :d, valid_until = :d WHERE id = :i").bindparams(i=mandate_id)
        from sqlalchemy import Date, bindparam

        await unit.run(moved.bindparams(bindparam("d", gone, type_=Date)))
    assert (await town.data("citizen-5", _HELPERS))["me"]["helpers"] == []
    assert "helper" in await _give(town, await _offer(town), key="k3")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_many_who_give_at_once_one_does_and_one_ends_it(town: Town) -> None:
    code = await _offer(town)
    many = range(scaled(12, 48))
    answers = await asyncio.gather(*(_give(town, code, key=f"g{n}") for n in many))
    made = [answer["helper"]["id"] for answer in answers if "helper" in answer]
    assert len(made) == 1
    assert {answer["code"] for answer in answers if "code" in answer} == {"MANDATE_STANDS"}
    ends = await asyncio.gather(*(_end(town, ("citizen-5", "citizen-6")[n % 2], made[0]) for n in many))
    assert sum(not answer["replayed"] for answer in ends) == 1
    assert await town.count("SELECT count(*) FROM outbox WHERE kind = 'HELPER_ENDED'") == 2
