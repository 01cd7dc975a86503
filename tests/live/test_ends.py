"""Whatever ends what somebody may do ends their socket and their stream of events, with the same word."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from sqlalchemy import text

from api import personas
from api.settings import DEMONSTRATION_ISSUER
from core.moments import day_of, rfc3339
from core.principal import Scope
from notices import freezing
from parties.freezing import Named
from parties.kinds import Target
from schema import streams
from tests.harness.callers import Town
from tests.harness.sockets import Closed, number, opened
from tests.harness.streaming import streamed
from tests.parties.test_oauth import Client

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
# Somebody's token, and the act that ends what it may do.
_Case = tuple[str, Callable[[], Awaitable[Any]]]
_AT = datetime.now(UTC)
_KEYS = "client { keys { id } }"
_TOMORROW, _YESTERDAY = (day_of(_AT) + timedelta(days=days) for days in (1, -1))


async def _a_post_that_is_left(town: Town) -> _Case:
    stores = await town.data("partner-1", "{ partner { stores { id } } }")
    given = {"label": "新柜", "post": "TILL", "storeId": stores["partner"]["stores"][0]["id"], "idempotencyKey": "e"}
    made = await town.act("partner-1", "staffEmploy", given, "staff { id }")
    staff_id = made["staff"]["id"]
    linked = {"issuer": DEMONSTRATION_ISSUER, "name": "till-new", "staffId": staff_id, "idempotencyKey": "l"}
    await town.act("officer-1", "signInLink", linked, "replayed")
    who = personas.Persona("新来的人", "haihe-till", personas.PERSONAS["partner-1"].channel, (Scope.PARTNER_READ,))
    party_id = await _party(town, "partner-1")
    token = personas.sign(town.house.rings, who, "till-new", party_id, audience="haihe", at=datetime.now(UTC))
    return token, lambda: town.act("partner-1", "staffLeave", {"staffId": staff_id}, "replayed")


async def _a_mandate_that_is_withdrawn(town: Town) -> _Case:
    code = (await town.data("citizen-6", "{ viewer { helperOffer { code } } }"))["viewer"]["helperOffer"]["code"]
    given = {"helperCode": code, "validUntil": _TOMORROW.isoformat(), "idempotencyKey": "m"}
    mandate = (await town.act("citizen-5", "mandateGive", given, "helper { id }"))["helper"]["id"]
    token = personas.mint(town.house.rings, "citizen-6", None, audience="haihe", at=datetime.now(UTC), mandate=mandate)
    return token, lambda: town.act("citizen-5", "mandateEnd", {"mandateId": mandate}, "replayed")


async def _a_key_that_is_retired(town: Town) -> _Case:
    given = {"label": "门店系统", "scopes": ["PARTNER_READ"], "idempotencyKey": "c"}
    program = Client(town)
    program.id = (await town.act("partner-1", "clientRegister", given, "client { id }"))["client"]["id"]
    private: ec.EllipticCurvePrivateKey = program.key
    jwk = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    key = {"clientId": program.id, "kid": "k1", "jwk": {name: jwk[name] for name in ("kty", "crv", "x", "y")}}
    until = rfc3339(_AT + timedelta(days=30))
    made = await town.act("partner-1", "clientKeyAdd", key | {"validUntil": until, "idempotencyKey": "a"}, _KEYS)
    key_id = made["client"]["keys"][0]["id"]
    return await program.token(), lambda: town.act("partner-1", "clientKeyRetire", {"keyId": key_id}, "replayed")


async def _a_representation_that_ends(town: Town) -> _Case:
    who = "SELECT l.subject_id FROM identity_link l WHERE l.name = 'company-1-legal'"
    over = f"UPDATE representation SET valid_until = :day WHERE person_id IN ({who})"
    return await town.token("company-1-legal"), lambda: _run(town, over, day=_YESTERDAY)


async def _a_post_whose_term_is_over(town: Town) -> _Case:
    who = "SELECT l.staff_id FROM identity_link l WHERE l.name = 'bank-1'"
    over = f"UPDATE staff SET valid_until = :day WHERE id IN ({who})"
    return await town.token("bank-1"), lambda: _run(town, over, day=_YESTERDAY)


async def _a_staff_member_who_is_frozen(town: Town) -> _Case:
    named = Named(Target.STAFF, await _one(town, "SELECT staff_id FROM identity_link WHERE name = 'platform-1'"))
    return await town.token("platform-1"), lambda: _freeze(town, named)


async def _an_organisation_that_is_frozen(town: Town) -> _Case:
    """Its representative still reads its record, by a new stream: a freeze begins another epoch."""
    named = Named(Target.PARTY, await _party(town, "company-1-seal"))
    return await town.token("company-1-seal"), lambda: _freeze(town, named)


async def _a_token_that_expires(town: Town) -> _Case:
    old = datetime.now(UTC) - timedelta(minutes=14, seconds=57)

    async def wait() -> None:
        """It ends by itself."""

    return personas.mint(town.house.rings, "citizen-2", None, audience="haihe", at=old), wait


_HINTED = (_a_post_that_is_left, _a_mandate_that_is_withdrawn, _a_key_that_is_retired)
_ASKED_FOR = (
    _a_representation_that_ends,
    _a_post_whose_term_is_over,
    _a_staff_member_who_is_frozen,
    _an_organisation_that_is_frozen,
    _a_token_that_expires,
)


async def _party(town: Town, persona: str) -> str:
    async with town.house.database.reading() as unit:
        return await personas.party_of(unit, persona) or ""


async def _run(town: Town, statement: str, **values: Any) -> None:
    async with town.house.database.writing() as unit:
        assert await unit.run(text(statement), {name: str(value) for name, value in values.items()}) > 0


async def _one(town: Town, statement: str) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text(statement))
    assert row is not None
    return str(row[0])


async def _freeze(town: Town, named: Named) -> None:
    async with town.house.database.writing() as unit:
        assert await freezing.freeze(unit, named, by="sta_test", reason="测试", at=datetime.now(UTC))


async def _check(town: Town, case: Callable[[Town], Awaitable[_Case]]) -> None:
    token, end = await case(town)
    headers = {"Authorization": f"Bearer {token}"}
    await number(town)
    found = await town.ask(None, "{ viewer { changesCursor } }", headers=headers)
    after = found["data"]["viewer"]["changesCursor"]
    async with opened(town) as socket, streamed(town.app, list(headers.items()), after) as events:
        await socket.begin(headers["Authorization"])
        socket.subscribe("1", after=after)
        socket.say({"type": "ping"})
        assert await socket.hear() == {"type": "pong"}, case
        assert await events.begun() is None, case
        await end()
        closed = await socket.closed()
        expected = "TOKEN_EXPIRED" if case is _a_token_that_expires else "FORBIDDEN"
        assert (closed.code, closed.reason, await events.ended()) == (4403, expected, expected), case
    # And whoever comes back with the same token is not let in; a frozen organisation's representative is.
    async with opened(town) as again, streamed(town.app, list(headers.items()), after) as events:
        if case is _an_organisation_that_is_frozen:
            await again.begin(headers["Authorization"])
            assert await events.begun() is None
            return
        with pytest.raises(Closed) as refused:
            await again.begin(headers["Authorization"])
        assert refused.value.code == 4403
        assert await events.begun() in ("FORBIDDEN", "UNAUTHENTICATED"), case


async def test_an_act_that_ends_something_is_heard_of_at_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "CHECK_SECONDS", 600.0)
    for case in _HINTED:
        await _check(town, case)


async def test_whatever_else_ends_is_found_out_by_asking(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "CHECK_SECONDS", 0.1)
    for case in _ASKED_FOR:
        await _check(town, case)
