"""Programs through the API: registered by their own manager, proved by keys that come and go at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from core.moments import rfc3339
from tests.harness.callers import Town
from tests.harness.scale import scaled
from tests.parties.test_oauth import Client

_CLIENT = "client { id staffId label scopes storeId keys { id kid state } } replayed"


async def _register(town: Town, *, key: str = "k", **changed: Any) -> dict[str, Any]:
    given = {"label": "门店系统", "scopes": ["PARTNER_READ"], "idempotencyKey": key, **changed}
    return await town.act("partner-1", "clientRegister", given, _CLIENT)


def _public(private: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    jwk = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    return {name: jwk[name] for name in ("kty", "crv", "x", "y")}


async def _add(
    town: Town, client_id: str, jwk: dict[str, str], *, kid: str = "k1", key: str = "a", days: int = 30, **changed: Any
) -> dict[str, Any]:
    until = rfc3339(datetime.now(UTC) + timedelta(days=days))
    given = {"clientId": client_id, "kid": kid, "jwk": jwk, "validUntil": until, "idempotencyKey": key, **changed}
    return await town.act("partner-1", "clientKeyAdd", given, _CLIENT)


async def _codes(answer: dict[str, Any]) -> list[str]:
    assert answer["code"] == "INVALID_INPUT", answer
    return [detail["code"] for detail in answer["details"]]


async def test_a_program_from_its_registration_to_the_end_of_its_key(town: Town) -> None:
    made = await _register(town)
    assert made["client"]["keys"] == []
    program = Client(town)
    program.id = made["client"]["id"]
    assert (await program.ask(program.signed())).json() == {"error": "invalid_client"}
    keys = (await _add(town, program.id, _public(program.key)))["client"]["keys"]
    assert [(key["kid"], key["state"]) for key in keys] == [("k1", "ACTIVE")]
    token = (await program.ask(program.signed())).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    desk = "{ partner { party { name } } }"
    assert (await town.ask(None, desk, headers=bearer)).status == 200

    retired = await town.act("partner-1", "clientKeyRetire", {"keyId": keys[0]["id"]}, _CLIENT)
    assert (retired["client"]["keys"][0]["state"], retired["replayed"]) == ("RETIRED", False)
    assert (await town.ask(None, desk, headers=bearer)).status == 403
    assert (await program.ask(program.signed())).json() == {"error": "invalid_client"}
    assert (await town.act("partner-1", "clientKeyRetire", {"keyId": keys[0]["id"]}, _CLIENT))["replayed"]
    # What is retired is not lifted, and its name is no other key's.
    freeze = {"target": "CLIENT_KEY", "id": keys[0]["id"], "reason": "核查"}
    assert (await town.act("officer-1", "partyFreeze", freeze, "frozen"))["code"] == "WRONG_STATE"
    other = _public(ec.generate_private_key(ec.SECP256R1()))
    assert (await _add(town, program.id, other, key="b"))["code"] == "KID_TAKEN"


async def test_a_frozen_key_can_be_retired_and_is_not_lifted_then(town: Town) -> None:
    client_id = (await _register(town))["client"]["id"]
    key_id = (await _add(town, client_id, _public(ec.generate_private_key(ec.SECP256R1()))))["client"]["keys"][0]["id"]
    named = {"target": "CLIENT_KEY", "id": key_id, "reason": "核查"}
    assert (await town.act("officer-1", "partyFreeze", named, "frozen"))["frozen"]
    await town.act("partner-1", "clientKeyRetire", {"keyId": key_id}, _CLIENT)
    for person in ("approver-1", "approver-2"):
        assert (await town.act(person, "partyLift", named, "frozen"))["code"] == "WRONG_STATE"


async def test_a_tills_program_names_its_own_store(town: Town) -> None:
    stores = (await town.data("partner-1", "{ partner { stores { id } } }"))["partner"]["stores"]
    made = await _register(town, scopes=["CLAIM_REDEEM"], storeId=stores[0]["id"])
    assert made["client"]["storeId"] == stores[0]["id"]
    assert await _codes(await _register(town, key="b", scopes=["CLAIM_REDEEM"])) == ["STORE_OF_TILL"]
    assert await _codes(await _register(town, key="c", storeId=stores[0]["id"])) == ["STORE_OF_TILL"]
    assert await _codes(await _register(town, key="d", storeId="sto_x")) == ["NO_SUCH_STORE"]


async def test_what_a_program_or_a_key_must_be(town: Town) -> None:
    first, again = await _register(town), await _register(town)
    assert (first["client"]["id"], again["replayed"]) == (again["client"]["id"], True)
    client_id, jwk = first["client"]["id"], _public(ec.generate_private_key(ec.SECP256R1()))
    for scopes in ([], ["GRANT_USE"], ["PARTNER_READ", "PARTY_FREEZE"], ["STAFF_MANAGE"]):
        assert await _codes(await _register(town, key=f"s{scopes}", scopes=scopes)) == ["SCOPES_OF_KIND"]
    assert await _codes(await _register(town, key="l", label="")) == ["LENGTH"]
    off = {**jwk, "y": jwk["x"]}
    for n, wrong in enumerate(
        ({**jwk, "crv": "P-384"}, {**jwk, "kty": "RSA"}, {**jwk, "x": "é"}, off, {**jwk, "x": "AA"})
    ):
        assert await _codes(await _add(town, client_id, wrong, key=f"w{n}")) == ["KEY_P256"]
    assert await _codes(await _add(town, client_id, jwk, key="t1", days=-1)) == ["PAST"]
    assert await _codes(await _add(town, client_id, jwk, key="t2", days=800)) == ["TERM_TOO_LONG"]
    assert await _codes(await _add(town, client_id, jwk, key="t3", kid="é")) == ["KEY_FORMAT"]
    assert await town.count("SELECT count(*) FROM client_key WHERE client_id = :c", c=client_id) == 0


async def test_another_organisations_programs_are_absent(town: Town) -> None:
    from sqlalchemy import text

    async with town.house.database.reading() as unit:
        banks = await unit.first(text("SELECT id, client_id FROM client_key"))
    assert banks is not None
    jwk = _public(ec.generate_private_key(ec.SECP256R1()))
    answers = [
        await _add(town, banks.client_id, jwk, key="x1"),
        await _add(town, "cli_" + "0" * 20, jwk, key="x2"),
        await town.act("partner-1", "clientKeyRetire", {"keyId": banks.id}, _CLIENT),
        await town.act("partner-1", "clientKeyRetire", {"keyId": "key_" + "0" * 20}, _CLIENT),
    ]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["code"] == "NOT_AVAILABLE"
    assert await town.count("SELECT count(*) FROM client_key WHERE state <> 'ACTIVE'") == 0
    own = (await town.data("partner-1", "{ organisation { clients { edges { node { id } } } } }"))["organisation"]
    assert own["clients"]["edges"] == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_keys_that_come_at_once_under_one_name_one_stays(town: Town) -> None:
    client_id = (await _register(town))["client"]["id"]
    keys = [_public(ec.generate_private_key(ec.SECP256R1())) for _ in range(scaled(12, 48))]
    answers = await asyncio.gather(*(_add(town, client_id, jwk, key=f"r{n}") for n, jwk in enumerate(keys)))
    assert sorted(answer.get("code", "") for answer in answers) == [""] + ["KID_TAKEN"] * (len(keys) - 1)
