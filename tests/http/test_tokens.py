"""Every way for a token to be wrong: 401, with one body."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api.settings import DEMONSTRATION_ISSUER
from core.keys import Purpose
from tests.harness.callers import Town

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
Make = Callable[[Town], str]


def _claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {
        "iss": DEMONSTRATION_ISSUER,
        "sub": "citizen-1",
        "aud": "haihe",
        "client_id": "haihe-app",
        "scope": "self:read",
        "channel": "APP",
        "iat": now,
        "exp": now + 600,
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not ...}


def _signed(header: dict[str, Any] | None = None, **changed: Any) -> Make:
    def make(town: Town) -> str:
        key = town.house.rings.active(Purpose.TOKEN)
        headers = {"kid": key.kid, "typ": "at+jwt", **(header or {})}
        headers = {name: value for name, value in headers.items() if value is not ...}
        return jwt.encode(_claims(**changed), key.secret, "ES256", headers)

    return make


def _from_now(**seconds: float) -> Make:
    """Claims so many seconds from when the token is made: a long run outlives what was made at its start."""
    return lambda town: _signed(**{name: int(time.time()) + shift for name, shift in seconds.items()})(town)


def _part(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def _raw(header: Any, payload: Any, signature: bytes = b"x" * 64) -> Make:
    def make(town: Town) -> str:
        kid = town.house.rings.active(Purpose.TOKEN).kid
        filled = {**header, "kid": kid} if isinstance(header, dict) else header
        return ".".join((_part(filled), _part(payload), _part(signature)))

    return make


def _signed_text(payload: bytes) -> Make:
    """A rightly signed token over any bytes."""

    def make(town: Town) -> str:
        key = town.house.rings.active(Purpose.TOKEN)
        return jwt.api_jws.encode(payload, key.secret, "ES256", {"kid": key.kid, "typ": "at+jwt"})

    return make


def _other_key(town: Town) -> str:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return jwt.encode(_claims(), pem, "ES256", {"kid": town.house.rings.active(Purpose.TOKEN).kid, "typ": "at+jwt"})


def _public_as_secret(town: Town) -> str:
    """The public key's JWK as an HMAC secret (CVE-2026-48526)."""
    from api.issuers import published

    secret = json.dumps(published(town.house.rings)["keys"][0])  # type: ignore[index]
    header = {"alg": "HS256", "kid": town.house.rings.active(Purpose.TOKEN).kid, "typ": "at+jwt"}
    signed = f"{_part(header)}.{_part(_claims())}"
    return signed + "." + _part(hmac.digest(secret.encode(), signed.encode(), "sha256"))


def _tampered(town: Town) -> str:
    head, _, signature = _signed()(town).split(".")
    return ".".join((head, _part(_claims(sub="citizen-2")), signature))


_WRONG: dict[str, Make] = {
    "nothing": lambda _: "",
    "one word": lambda _: "token",
    "two parts": lambda town: _signed()(town).rsplit(".", 1)[0],
    "four parts": lambda town: _signed()(town) + ".x",
    "not base64": lambda _: "!.!.!",
    "not JSON": _raw(b"{", b"{"),
    "JSON of another kind": _raw([], 1),
    "deeply nested": _raw(b"[" * 3000, b"[" * 3000),
    "a number of 5,000 digits": _signed_text(b'{"exp": ' + b"9" * 5000 + b"}"),
    "utf-16": _raw('{"alg":"ES256"}'.encode("utf-16"), {}),
    "too long": lambda town: _signed(scope="x" * 9000)(town),
    "not ascii": lambda town: _signed()(town)[:-1] + "é",
    "alg none": lambda town: _raw({"alg": "none", "typ": "at+jwt"}, _claims(), b"")(town),
    "alg None": lambda town: _raw({"alg": None, "typ": "at+jwt"}, _claims())(town),
    "alg a list": lambda town: _raw({"alg": ["ES256"], "typ": "at+jwt"}, _claims())(town),
    "alg HS256 with the public key": _public_as_secret,
    "another key": _other_key,
    "tampered claims": _tampered,
    "no signature": lambda town: _signed()(town).rsplit(".", 1)[0] + ".",
    "no kid": _signed({"kid": ...}),
    "an unknown kid": _signed({"kid": "unknown"}),
    "a hostile kid": _signed({"kid": "../../etc/passwd'; DROP TABLE party; --"}),
    "a kid that is a path": _signed({"kid": "http://169.254.169.254/"}),
    "crit": _signed({"crit": ["exp"]}),
    "typ JWT": _signed({"typ": "JWT"}),
    "typ id+jwt": _signed({"typ": "id+jwt"}),
    "no iss": _signed(iss=...),
    "another iss": _signed(iss="https://elsewhere.example"),
    "iss a prefix": _signed(iss="urn:haihe"),
    "iss a list": lambda town: _signed_text(json.dumps(_claims(iss=[DEMONSTRATION_ISSUER])).encode())(town),
    "another aud": _signed(aud="elsewhere"),
    "aud a list": _signed(aud=["haihe"]),
    "aud a list with another": _signed(aud=["haihe", "elsewhere"]),
    "no aud": _signed(aud=...),
    "no sub": _signed(sub=...),
    "an empty sub": _signed(sub=""),
    "sub with NUL": _signed(sub="citizen-1\x00"),
    "no client": _signed(client_id=...),
    "no exp": _signed(exp=...),
    "expired": _from_now(iat=-700, exp=-100),
    "exp a text": _signed(exp="soon"),
    "exp true": _signed(exp=True),
    "exp a fraction": _from_now(exp=600.5),
    "exp infinite": lambda town: _signed_text(
        json.dumps(_claims()).replace(str(_claims()["exp"]), "Infinity").encode()
    )(town),
    "issued tomorrow": _from_now(iat=86_400, exp=86_700),
    "not yet": _from_now(nbf=300),
    "too long a life": _from_now(exp=3600),
    "over before it began": _from_now(iat=3, exp=2),
    "a claim twice": lambda town: _signed_text(
        json.dumps(_claims(sub="citizen-2")).encode().replace(b'"aud"', b'"sub": "citizen-1", "aud"')
    )(town),
    "a lone surrogate": lambda town: _signed_text(json.dumps(_claims(sub="X")).replace('"X"', '"\\ud800"').encode())(
        town
    ),
    "an unknown assurance": _signed(acr="divine"),
    "an unknown channel": _signed(channel="PIGEON"),
    "scope a list": _signed(scope=["self:read"]),
    "an empty org": _signed(org=""),
    "an empty mandate": _signed(mandate=""),
    "an organisation and a mandate": _signed(org="pty_x", mandate="mdt_x"),
}


@pytest.mark.parametrize("_case", _WRONG)
async def test_a_wrong_token_is_401_with_one_body(town: Town, _case: str) -> None:
    token = _WRONG[_case](town).encode("latin-1")
    headers = {b"Authorization": b"Bearer " + token, b"Content-Type": b"application/json"}
    answer = await town.http.post("/graphql", content=b'{"query": "{ me { name } }"}', headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {"errors": [{"message": "请先登录。", "extensions": {"code": "UNAUTHENTICATED"}}]}
    assert answer.headers["www-authenticate"] == 'Bearer, DPoP algs="ES256"'


async def test_the_table_starts_from_a_token_that_is_right(town: Town) -> None:
    headers = {"Authorization": "Bearer " + _signed()(town)}
    answer = await town.http.post("/graphql", json={"query": "{ me { name } }"}, headers=headers)
    assert answer.json() == {"data": {"me": {"name": "林海生"}}}


@pytest.mark.parametrize("scheme", ["Basic eDp5", "Bearer", "bearer  ", "Token x", ""])
async def test_another_scheme_is_401(town: Town, scheme: str) -> None:
    answer = await town.http.post(
        "/graphql", json={"query": "{ offers { edges { cursor } } }"}, headers={"Authorization": scheme}
    )
    assert answer.status_code == 401


async def test_two_tokens_are_401(town: Town) -> None:
    token = _signed()(town)
    headers = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    answer = await town.http.post("/graphql", json={"query": "{ me { name } }"}, headers=headers)
    assert answer.status_code == 401


async def test_a_kept_token_still_expires(town: Town) -> None:
    from datetime import UTC, datetime, timedelta

    from api.issuers import Issuers, published
    from api.tokens import InvalidToken, Verifier

    issuers = Issuers()
    issuers.trust(DEMONSTRATION_ISSUER, published(town.house.rings))
    verifier = Verifier(issuers, "haihe")
    token, now = _signed()(town), datetime.now(UTC)
    assert verifier.principal(token, at=now).name == "citizen-1"
    with pytest.raises(InvalidToken):
        verifier.principal(token, at=now + timedelta(minutes=11))


async def test_a_kept_token_dies_with_its_key(town: Town) -> None:
    from datetime import UTC, datetime

    from api.issuers import Issuers, published
    from api.tokens import InvalidToken, Verifier

    issuers = Issuers()
    issuers.trust(DEMONSTRATION_ISSUER, published(town.house.rings))
    verifier = Verifier(issuers, "haihe")
    token, now = _signed()(town), datetime.now(UTC)
    assert verifier.principal(token, at=now).name == "citizen-1"
    issuers.trust(DEMONSTRATION_ISSUER, {"keys": []})
    with pytest.raises(InvalidToken):
        verifier.principal(token, at=now)


_NOBODY = {
    "a name nobody has": {"sub": "citizen-99"},
    "somebody else's organisation": {"org": "pty_" + "0" * 20},
    "a mandate nobody gave": {"mandate": "mdt_" + "0" * 20},
}


@pytest.mark.parametrize("_case", _NOBODY)
async def test_a_right_token_of_nobody_here_is_forbidden(town: Town, _case: str) -> None:
    headers = {"Authorization": "Bearer " + _signed(**_NOBODY[_case])(town)}
    answer = await town.http.post("/graphql", json={"query": "{ me { name } }"}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")


_LACKING = {
    "no scope": ({"scope": "claim:make"}, "{ me { name } }", "FORBIDDEN"),
    "no scope at all": ({"scope": ...}, "{ me { name } }", "FORBIDDEN"),
    "a weak sign-in": (
        {"scope": "score:manage", "acr": "low"},
        'mutation { scoreOpen(input: {noticeHash: "x", idempotencyKey: "x"}) { __typename } }',
        "STEP_UP_REQUIRED",
    ),
    "a weak sign-in for everything at once": (
        {"scope": "self:export self:read", "acr": "low"},
        'mutation { exportRequest(input: {idempotencyKey: "x"}) { __typename } }',
        "STEP_UP_REQUIRED",
    ),
}


@pytest.mark.parametrize("_case", _LACKING)
async def test_a_token_that_may_not_is_403(town: Town, _case: str) -> None:
    claims, document, code = _LACKING[_case]
    headers = {"Authorization": "Bearer " + _signed(**claims)(town)}
    answer = await town.http.post("/graphql", json={"query": document}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (403, code)


async def test_a_frozen_party_is_out_from_the_next_request(town: Town) -> None:
    from datetime import UTC, datetime

    from parties import freezing
    from parties.kinds import Target

    assert (await town.ask("bank-1", "{ recipient { party { name } } }")).status == 200
    async with town.house.database.reading() as unit:
        from api.personas import party_of

        party_id = await party_of(unit, "bank-1")
    async with town.house.database.writing() as unit:
        named = freezing.Named(Target.PARTY, party_id or "")
        assert await freezing.freeze(unit, named, by="stf_officer", reason="核查", at=datetime.now(UTC))
    refused = await town.ask("bank-1", "{ recipient { party { name } } }")
    assert (refused.status, refused.code) == (403, "FORBIDDEN")
