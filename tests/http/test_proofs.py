"""Proofs of possession at the door (RFC 9449): every defect is refused by name; nothing is answered or changed."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm

from api import bodies, clock
from api.dpop import AHEAD_SECONDS, OLDEST_SECONDS, InvalidProof, NonceNeeded, Proofs, thumbprint
from api.nonces import STEP_SECONDS, Nonces
from core.keys import Key, KeyRings, Purpose
from tests.harness.callers import Answered, Town
from tests.harness.proving import GRAPHQL, TOKEN, Holder, compact, kept, part
from tests.parties.test_oauth import Client

_TABLE: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("proofs.yaml").read_text("utf-8"))
_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"
_DESK = "{ recipient { party { name } } }"
_AT = datetime(2026, 11, 25, 8, 0, 30, tzinfo=UTC)
_CODES = {"nonce": "PROOF_NONCE"}
_ERRORS = {"nonce": "use_dpop_nonce"}


def shown(row: Mapping[str, Any], holder: Holder, path: str, token: str | None) -> list[str]:
    """The headers of a row of the table."""

    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [filled(item) for item in value]
        return value.format(path=path, token=token, long="j" * 129) if isinstance(value, str) else value

    claims = {name: filled(value) for name, value in row.get("claims", {}).items()}
    if "iat" in row:
        claims["iat"] = holder.claims()["iat"] + row["iat"]
    header = {"jwk": {**holder.jwk, **row["jwk"]}} if "jwk" in row else {}
    said: Any = kept({**holder.claims(path, token), **claims})
    key, head = holder.key, kept({**holder.header(), **header, **row.get("header", {})})
    if row.get("sign") in ("other", "own"):
        key = ec.generate_private_key(ec.SECP256R1())
    if row.get("sign") == "own":
        head["jwk"] = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    proof = compact(head, row["raw"].encode() if "raw" in row else said, key)
    before, _, signature = proof.rpartition(".")
    proof = {"nothing": before + ".", "before": f"{part(head)}.{part({**said, 'x': 1})}.{signature}"}.get(
        row.get("sign", ""), proof
    )
    if "shown" in row:
        right = [holder.proof(path, token), holder.proof(path, token)]
        return [right[n] if one == "right" else one.replace("{right}", right[0]) for n, one in enumerate(row["shown"])]
    return [proof]


def _check_refused(answer: Answered, wrong: str) -> None:
    assert (answer.status, answer.code, "data" in answer) == (401, _CODES.get(wrong, "PROOF_INVALID"), False), wrong
    challenge = answer.response.headers["www-authenticate"]
    assert challenge.startswith(f'DPoP error="{_ERRORS.get(wrong, "invalid_dpop_proof")}"')
    assert 'algs="ES256"' in challenge
    assert wrong == "nonce" or f'error_description="{wrong}"' in challenge


async def test_a_query_with_a_wrong_proof_is_refused_by_name_and_changes_nothing(
    town: Town, figures: dict[str, int]
) -> None:
    made = await town.grant("citizen-1", key="proofs", uses=len(_TABLE))
    grant_id, right, holder = made["grant"]["id"], 0, Holder(town)
    query = {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲"}}
    token = await holder.token()
    for row in _TABLE:
        answer = await holder.ask(_LOOK, query, proofs=shown(row, holder, GRAPHQL, token))
        if "wrong" in row:
            _check_refused(answer, row["wrong"])
            assert "林海生" not in answer.response.text
        else:
            assert answer.get("data") == {"granted": {"subject": {"name": "林海生"}}}, (row, answer)
            right += 1
        left = "SELECT uses_left FROM consent_grant WHERE id = :g"
        assert await town.count(left, g=grant_id) == len(_TABLE) - right
        assert await town.count("SELECT count(*) FROM spent_proof") == right
        assert await town.count("SELECT count(*) FROM access WHERE grant_id = :g", g=grant_id) == right
    figures["proofs"] = len(_TABLE)
    assert 0 < right < len(_TABLE) // 4


def _current(holder: Holder, begun: datetime) -> set[str]:
    """The nonce of the minute in which a call began, and of that in which it ended."""
    return {holder.nonces.current(at) for at in (begun, datetime.now(UTC))}


async def test_a_token_is_not_given_for_a_wrong_proof_and_the_assertion_stays_good(town: Town) -> None:
    client, holder = await Client(town).register(), Holder(town)
    assertion, given = client.signed(), 0
    for row in [row for row in _TABLE if row.get("at") != "query"]:
        headers = [("DPoP", value) for value in shown(row, holder, TOKEN, None)]
        begun = datetime.now(UTC)
        answer = await client.ask(assertion, headers=headers)
        if "wrong" not in row:
            assert answer.json()["token_type"] == "DPoP", row
            given, assertion = given + 1, client.signed()
            continue
        error = _ERRORS.get(row["wrong"], "invalid_dpop_proof")
        assert (answer.status_code, answer.json()["error"]) == (400, error), row
        assert error == "use_dpop_nonce" or answer.json()["error_description"] == row["wrong"]
        assert answer.headers["dpop-nonce"] in _current(holder, begun)
    assert await town.count("SELECT count(*) FROM client_assertion") == given
    assert await town.count("SELECT count(*) FROM spent_proof") == given


async def test_a_client_proves_its_key_for_the_token_and_for_every_request(town: Town) -> None:
    client, holder = await Client(town).register(), Holder(town)
    proof = holder.proof(TOKEN)
    answer = await client.ask(client.signed(), headers=[("DPoP", proof)])
    assert (answer.status_code, answer.json()["token_type"]) == (200, "DPoP")
    token = answer.json()["access_token"]
    again = await client.ask(client.signed(), headers=[("DPoP", proof)])
    assert (again.status_code, again.json()) == (
        400,
        {"error": "invalid_dpop_proof", "error_description": "spent"},
    )
    begun = datetime.now(UTC)
    found = await holder.ask(_DESK, token=token, proofs=[holder.proof(token=token)])
    assert found["data"] == {"recipient": {"party": {"name": "海津示例银行"}}}
    assert found.response.headers["dpop-nonce"] in _current(holder, begun)
    # Another key, though it is the client's next one: a new key needs a new token.
    other = Holder(town)
    refused = await other.ask(_DESK, token=token, proofs=[other.proof(token=token)])
    _check_refused(refused, "key")
    bearer = await town.ask(None, _DESK, headers={"Authorization": f"Bearer {token}"})
    assert (bearer.status, bearer.code) == (401, "PROOF_REQUIRED")
    assert bearer.response.headers["www-authenticate"] == 'DPoP error="invalid_token", algs="ES256"'
    assert "data" not in bearer


async def test_a_token_that_is_bound_to_nothing_or_otherwise_is_no_dpop_token(town: Town) -> None:
    from tests.http.test_tokens import _signed

    holder = Holder(town)
    unbound = await town.token("bank-1")
    refused = await holder.ask(_DESK, token=unbound, proofs=[holder.proof(token=unbound)])
    assert (refused.status, refused.code) == (401, "UNAUTHENTICATED")
    for cnf in ({}, {"jkt": "x"}, {"jkt": 5}, {"x5t#S256": "x" * 43}, {"jkt": "x" * 43, "x": 1}, [], None, "x" * 43):
        headers = {"Authorization": "Bearer " + _signed(cnf=cnf)(town)}
        found = await town.ask(None, "{ me { name } }", headers=headers)
        assert (found.status, found.code) == (401, "UNAUTHENTICATED"), cnf


async def test_whatever_was_refused_has_spent_its_proof(town: Town) -> None:
    grant = {"q": {"grantId": "grt_00000000000000000000", "stage": "PRE_LOAN", "operator": "甲"}}
    holder = Holder(town)
    token = await holder.token()
    refused: Sequence[tuple[str, Mapping[str, Any], str]] = (
        (_LOOK, grant, "NOT_AVAILABLE"),
        ("{ me { name } }", {}, "FORBIDDEN"),
        ("{ nothing", {}, "PARSE_FAILED"),
        ("{ nothing }", {}, "VALIDATION_FAILED"),
        (_LOOK, {"q": 5}, "VARIABLES_INVALID"),
    )
    for n, (document, variables, code) in enumerate(refused):
        proof = holder.proof(token=token)
        assert (await holder.ask(document, variables, proofs=[proof])).code == code
        assert await town.count("SELECT count(*) FROM spent_proof") == n + 1
        for again, more in ((document, variables), (_DESK, {})):
            answer = await holder.ask(again, more, proofs=[proof])
            assert (answer.status, answer.code, "data" in answer) == (401, "PROOF_SPENT", False)
    attempts = "SELECT count(*) FROM access WHERE refused = :c AND grant_id = 'grt_00000000000000000000'"
    assert await town.count(attempts, c="NOT_AVAILABLE") == await town.count(attempts, c="PROOF_SPENT") == 1


async def test_a_body_that_comes_when_its_proof_may_be_forgotten_is_refused(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, read, later = Holder(town), bodies.read, timedelta(0)

    async def slow(*given: Any, **named: Any) -> bytes:
        nonlocal later
        later = timedelta(minutes=4)
        return await read(*given, **named)

    proof = await holder.fresh()
    monkeypatch.setattr(bodies, "read", slow)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + later)
    _check_refused(await holder.ask(_DESK, proofs=[proof]), "iat")
    assert await town.count("SELECT count(*) FROM spent_proof") == 0


# ------------------------------------------------------------------------------------------------ rules without a town
def _proofs(*secrets: bytes) -> Proofs:
    ring = [Key(f"k{n}", "retired" if n else "active", secret) for n, secret in enumerate(secrets or (b"n" * 32,))]
    others = {purpose: [Key("k", "active", b"k" * 32)] for purpose in Purpose}
    return Proofs(Nonces(KeyRings({**others, Purpose.NONCE: ring})), "http://haihe.test")


class _Alone:
    """A key, and proofs of an instant by it."""

    key = ec.generate_private_key(ec.SECP256R1())
    jwk: dict[str, str] = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)

    @classmethod
    def proof(cls, proofs: Proofs, at: datetime, **changed: Any) -> str:
        claims = {"jti": "0123456789abcdef", "htm": "POST", "htu": "http://haihe.test/graphql"}
        now = {"iat": int(at.timestamp()), "nonce": proofs.nonces.current(at)}
        return compact({"typ": "dpop+jwt", "alg": "ES256", "jwk": cls.jwk}, {**claims, **now, **changed}, cls.key)


def _read(proofs: Proofs, text: str, at: datetime) -> Any:
    return proofs.read([text], method="POST", path="/graphql", at=at)


@pytest.mark.parametrize(
    ("seconds", "holds"),
    [(-OLDEST_SECONDS, True), (-OLDEST_SECONDS - 1, False), (AHEAD_SECONDS, True), (AHEAD_SECONDS + 1, False)],
)
def test_the_edges_of_the_clock(seconds: int, holds: bool) -> None:
    proofs, issued = _proofs(), int(_AT.timestamp()) + seconds
    text = _Alone.proof(proofs, _AT, iat=issued)
    if holds:
        proof = _read(proofs, text, _AT)
        assert proof.until > datetime.fromtimestamp(issued + OLDEST_SECONDS, UTC)
    else:
        with pytest.raises(InvalidProof, match="iat"):
            _read(proofs, text, _AT)


def test_a_nonce_holds_for_its_minute_and_the_next_under_any_key_that_is_kept() -> None:
    old, both, new = _proofs(b"o" * 32), _proofs(b"n" * 32, b"o" * 32), _proofs(b"n" * 32)
    minute = _AT.replace(second=0)
    for seconds, holds in ((0, True), (2 * STEP_SECONDS - 1, True), (2 * STEP_SECONDS, False)):
        at = minute + timedelta(seconds=seconds)
        assert both.nonces.accepts(old.nonces.current(minute), at) is holds
        assert new.nonces.accepts(old.nonces.current(minute), at) is False
    text = _Alone.proof(old, _AT)
    assert _read(both, text, _AT).key == thumbprint(_Alone.jwk)
    with pytest.raises(NonceNeeded):
        _read(new, text, _AT)


def test_names_are_the_keys_own_and_thumbprints_those_of_the_rfc() -> None:
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
    }
    assert thumbprint(jwk) == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    proofs = _proofs()
    one, same = (_read(proofs, _Alone.proof(proofs, _AT), _AT) for _ in range(2))
    other = _read(proofs, _Alone.proof(proofs, _AT, jti="another-name-of-it"), _AT)
    assert one.name == same.name != other.name
    assert one.showing != same.showing


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_MEMBERS = st.sampled_from(["typ", "alg", "jwk", "crit", "htm", "htu", "iat", "jti", "nonce", "kty", "crv", "x", "y"])


@given(st.lists(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")), max_size=3))
def test_headers_of_any_kind_are_refused(headers: list[str]) -> None:
    with pytest.raises(InvalidProof):
        _proofs().read(headers, method="POST", path="/graphql", at=_AT)


@given(st.dictionaries(_MEMBERS, _JSON, max_size=4), st.dictionaries(_MEMBERS, _JSON, max_size=4))
def test_a_signed_proof_with_anything_in_it_holds_or_is_refused(
    header: dict[str, object], claims: dict[str, object]
) -> None:
    proofs = _proofs()
    right = json.loads(_decoded(_Alone.proof(proofs, _AT).split(".")[1]))
    head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": _Alone.jwk, **header}
    text = compact(_json(head), _json({**right, **claims}), _Alone.key)
    with suppress(InvalidProof):
        assert _read(proofs, text, _AT).key == thumbprint(_Alone.jwk)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()


def _decoded(text: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
