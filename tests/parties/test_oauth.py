"""POST /oauth/token: what a client must prove, every way to be wrong as one body, and what freezing a key ends."""

import asyncio
import json
import stat
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from sqlalchemy import text

from api import oauth
from core.errors import Invalid
from core.principal import Scope
from parties import clients, lookup
from tests.harness.callers import Town
from tests.harness.scale import scaled

_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_DESK = "{ recipient { party { name } } }"


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _without(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not ...}


class Client:
    """A client of the bank with a key of its own."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = self.key_id = self.party_id = ""

    async def register(self, *, term: tuple[int, int] = (-1, 1)) -> "Client":
        at = datetime.now(UTC)
        async with self.town.house.database.writing() as unit:
            self.party_id = party_id = await lookup.find(unit, "BANK1") or ""
            self.id = await clients.register(unit, party_id, label="接口", scopes=[Scope.GRANT_USE], at=at)
            jwk = ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            begins, ends = (at + timedelta(days=days) for days in term)
            # Given the day before it begins: a term in the past is refused to whoever gives it today.
            key = clients.NewKey("k1", jwk, begins, ends)
            self.key_id = await clients.add_key(unit, party_id, self.id, key, at=begins)
        return self

    def signed(self, header: dict[str, Any] | None = None, key: bytes | None = None, **changed: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": self.id,
            "sub": self.id,
            "aud": oauth.ISSUER,
            "jti": uuid.uuid4().hex,
            "iat": now,
            "exp": now + 60,
            **changed,
        }
        return jwt.encode(_without(claims), key or _pem(self.key), "ES256", _without({"kid": "k1", **(header or {})}))

    async def ask(self, assertion: str, *, headers: Sequence[tuple[str, str]] = (), **form: str) -> httpx.Response:
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": _TYPE,
            "client_assertion": assertion,
            **form,
        }
        return await self.town.http.post("/oauth/token", data=fields, headers=list(headers))

    async def token(self) -> str:
        return str((await self.ask(self.signed())).json()["access_token"])

    async def look(self, token: str) -> int:
        return (await self.town.ask(None, _DESK, headers={"Authorization": f"Bearer {token}"})).status


async def test_a_client_proves_itself_and_looks(town: Town) -> None:
    client = await Client(town).register()
    answer = await client.ask(client.signed(), scope="grant:use", client_id=client.id)
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["scope"]) == (200, "Bearer", "grant:use")
    assert answer.headers["cache-control"] == "no-store"
    token = body["access_token"]
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == body["expires_in"] <= 900
    assert (claims["client_id"], claims["sub"]) == (client.id, client.id)
    found = await town.ask(
        None, "{ recipient { party { name } } viewer { name } }", headers={"Authorization": f"Bearer {token}"}
    )
    assert found["data"] == {"recipient": {"party": {"name": "海津示例银行"}}, "viewer": {"name": "接口"}}


_NOW = int(time.time())
Make = Callable[[Client], str]
_WRONG: dict[str, Make] = {
    "not a token": lambda _: "x",
    "three dots": lambda _: "...",
    "not ascii": lambda _: "é.é.é",
    "JSON of another kind": lambda _: "W10.W10.x",
    "another key": lambda c: c.signed(key=_pem(ec.generate_private_key(ec.SECP256R1()))),
    "no signature": lambda c: c.signed().rsplit(".", 1)[0] + ".",
    "alg none": lambda c: jwt.encode(jwt.decode(c.signed(), options={"verify_signature": False}), None, "none"),
    "an unknown kid": lambda c: c.signed({"kid": "k2"}),
    "no kid": lambda c: c.signed({"kid": ...}),
    "crit": lambda c: c.signed({"crit": ["x"], "x": 1}),
    "an unknown client": lambda c: c.signed(iss="cli_x", sub="cli_x"),
    "iss is not sub": lambda c: c.signed(iss="cli_x"),
    "sub is not iss": lambda c: c.signed(sub="cli_x"),
    "no sub": lambda c: c.signed(sub=...),
    "another aud": lambda c: c.signed(aud="haihe"),
    "aud a list": lambda c: c.signed(aud=[oauth.ISSUER]),
    "no aud": lambda c: c.signed(aud=...),
    "no exp": lambda c: c.signed(exp=...),
    "expired": lambda c: c.signed(exp=_NOW - 10),
    "a longer life than five minutes": lambda c: c.signed(exp=int(time.time()) + 310),
    "exp a fraction": lambda c: c.signed(exp=time.time() + 60),
    "exp true": lambda c: c.signed(exp=True),
    "issued tomorrow": lambda c: c.signed(iat=_NOW + 86_400),
    "not yet": lambda c: c.signed(nbf=_NOW + 3600),
    "no jti": lambda c: c.signed(jti=...),
    "an empty jti": lambda c: c.signed(jti=""),
    "a jti with NUL": lambda c: c.signed(jti="a\x00"),
    "a long jti": lambda c: c.signed(jti="j" * 201),
}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("case", _WRONG)
async def test_every_wrong_assertion_is_one_answer(town: Town, case: str) -> None:
    client = await Client(town).register()
    answer = await client.ask(_WRONG[case](client))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    assert await town.count("SELECT count(*) FROM client_assertion") == 0


@pytest.mark.parametrize("term", [(-3, -1), (1, 3)])
async def test_a_key_outside_its_term_proves_nothing(town: Town, term: tuple[int, int]) -> None:
    client = await Client(town).register(term=term)
    assert (await client.ask(client.signed())).json() == {"error": "invalid_client"}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_every_wrong_form_is_a_standard_error(town: Town) -> None:
    client = await Client(town).register()
    for form, status, code in (
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"client_assertion_type": "x"}, 401, "invalid_client"),
        ({"client_assertion": ""}, 401, "invalid_client"),
        ({"client_id": "cli_other"}, 401, "invalid_client"),
        ({"scope": "self:read"}, 400, "invalid_scope"),
        ({"scope": "grant:use party:freeze"}, 400, "invalid_scope"),
        ({"x": "\x00"}, 400, "invalid_request"),
        ({"x": "y" * 20_000}, 400, "invalid_request"),
    ):
        answer = await client.ask(client.signed(), **form)
        assert (answer.status_code, answer.json()) == (status, {"error": code}), form
    for content, type_ in (
        (b"{}", "application/json"),
        (b"", oauth._FORM),
        (b"grant_type=a&grant_type=b", oauth._FORM),
        (b"grant_type", oauth._FORM),
        (b"\xff=\xff", oauth._FORM),
        (b"grant_type=%ff", oauth._FORM),
        (b"&".join(b"a%d=b" % n for n in range(30)), oauth._FORM),
    ):
        answer = await town.http.post("/oauth/token", content=content, headers={"Content-Type": type_})
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"}), content
    assert (await town.http.get("/oauth/token")).status_code == 405
    assert await town.count("SELECT count(*) FROM client_assertion") == 0


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_an_assertion_is_taken_once(town: Town) -> None:
    client = await Client(town).register()
    assertion = client.signed()
    answers = await asyncio.gather(*(client.ask(assertion) for _ in range(24)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 23


async def test_what_has_expired_is_forgotten(town: Town) -> None:
    client = await Client(town).register()
    await client.token()
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE client_assertion SET expires_at = '2020-01-01 00:00:00'"))
    await client.token()
    assert await town.count("SELECT count(*) FROM client_assertion") == 1


@pytest.mark.parametrize("target", ["CLIENT_KEY", "PARTY", "STAFF"])
async def test_freezing_ends_the_tokens_that_were_given_and_gives_no_others(town: Town, target: str) -> None:
    client = await Client(town).register()
    token = await client.token()
    assert await client.look(token) == 200
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT party_id, staff_id FROM client WHERE id = :i"), {"i": client.id})
    assert row is not None
    id_ = {"CLIENT_KEY": client.key_id, "PARTY": row.party_id, "STAFF": row.staff_id}[target]
    given = {"target": target, "id": id_, "reason": "密钥外泄"}
    assert (await town.act("officer-1", "partyFreeze", given, "frozen"))["frozen"]
    assert await client.look(token) == 403
    assert (await client.ask(client.signed())).json() == {"error": "invalid_client"}
    # The bank's people go on when it is the program alone that is out.
    assert (await town.ask("bank-1", _DESK)).status == (403 if target == "PARTY" else 200)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_no_look_of_a_programs_begun_after_its_keys_freeze_is_answered(
    town: Town, figures: dict[str, int]
) -> None:
    frozen, answered = asyncio.Event(), asyncio.Event()
    counted = {"before": 0, "after": 0}

    async def read(token: str, late: int) -> None:
        while late:
            begun_after = frozen.is_set()
            status = await client.look(token)
            assert status == 403 if begun_after else status in (200, 403)
            counted["before"] += status == 200
            counted["after"] += begun_after
            late -= begun_after
            answered.set()

    async def freeze() -> None:
        await answered.wait()
        given = {"target": "CLIENT_KEY", "id": client.key_id, "reason": "密钥外泄"}
        assert (await town.act("officer-1", "partyFreeze", given, "frozen"))["frozen"]
        frozen.set()

    for _ in range(scaled(2, 50)):
        client = await Client(town).register()
        token = await client.token()
        frozen.clear()
        answered.clear()
        await asyncio.gather(freeze(), *(read(token, 5) for _ in range(12)))
    assert counted["before"] > 0
    figures["looks of programs begun after their key's freeze"] = counted["after"]


async def test_only_public_p256_keys_are_kept(town: Town) -> None:
    client = await Client(town).register()
    assert await town.count("SELECT count(*) FROM client_key WHERE CAST(jwk AS TEXT) LIKE '%\"d\"%'") == 0
    at = datetime.now(UTC)
    for jwk in ({}, {"kty": "oct", "k": "x"}, {"kty": "EC", "crv": "P-384", "x": "x", "y": "y"}):
        key = clients.NewKey("k2", jwk, at, at + timedelta(days=1))
        with pytest.raises(Invalid) as refused:
            async with town.house.database.writing() as unit:
                await clients.add_key(unit, client.party_id, client.id, key, at=at)
        assert [detail.code for detail in refused.value.details] == ["KEY_P256"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_the_demonstrations_key_is_its_owners_only(town: Town) -> None:
    path = town.house.settings.data / "files" / "bank-1-client.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(json.loads(path.read_text("utf-8"))) == {"client_id", "kid", "audience", "endpoint", "private_key"}


async def test_a_client_that_hangs_up_is_no_fault_of_ours(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": oauth.PATH,
        "query_string": b"",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded")],
        "client": ("127.0.0.1", 1),
    }

    async def gone() -> dict[str, str]:
        return {"type": "http.disconnect"}

    sent: list[object] = []

    async def send(message: object) -> None:
        sent.append(message)

    await town.app(scope, gone, send)
    assert "'event': 'fault'" not in caplog.text
    assert sent == []
