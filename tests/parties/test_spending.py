"""Who must prove that a token is theirs, what a spent proof leaves behind, and for how long it is remembered."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.carrying import duties_of
from api.house import House
from api.settings import TrustedIssuer
from audit.log import Shapes
from audit.writer import GroupWriter
from core.installation import Kind
from core.principal import Proof
from parties import capacity, proofs
from parties.errors import ProofSpent
from parties.kinds import PartyKind, Post
from tests.audit.test_writer import _look
from tests.harness.callers import Town, inhabited
from tests.harness.proving import TOKEN, Holder
from tests.parties.test_oauth import Client

_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"
_DESK = "{ recipient { party { name } } }"
_COUNT = "SELECT count(*) FROM spent_proof"
_NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def _proof(name: str = "n", showing: str = "s", *, until: datetime = _NOW) -> Proof:
    return Proof("key", name, until, showing)


@asynccontextmanager
async def _strict(house: House, kind: Kind = Kind.DEMONSTRATION, **settings: Any) -> AsyncIterator[Town]:
    """The application over the same city, where third parties must prove their tokens."""
    opened = House(house.settings.model_copy(update=settings or {"require_proofs": True}))
    async with inhabited(opened, kind) as found:
        yield found


async def test_a_third_partys_loose_token_is_refused_and_logged_and_everybody_elses_is_not(town: Town) -> None:
    made = await town.grant("citizen-1", key="strict", uses=3)
    query = {"q": {"grantId": made["grant"]["id"], "stage": "PRE_LOAN", "operator": "甲"}}
    async with _strict(town.house) as strict:
        refused = await strict.ask("bank-1", _LOOK, query)
        assert (refused.status, refused.code, "data" in refused) == (401, "PROOF_REQUIRED", False)
        assert refused.response.headers["www-authenticate"] == 'DPoP error="invalid_token", algs="ES256"'
        assert (await strict.ask("employer-1", _DESK)).code == "PROOF_REQUIRED"
        found = await Holder(strict).ask(_LOOK, query)
        assert found["data"] == {"granted": {"subject": {"name": "林海生"}}}
        for persona, document in (
            ("citizen-1", "{ me { name } }"),
            ("company-1-legal", "{ me { name } }"),
            ("till-1", "{ partner { party { name } } }"),
            ("partner-1", "{ partner { party { name } } }"),
        ):
            assert "errors" not in await strict.ask(persona, document), persona
    attempts = "SELECT count(*) FROM access WHERE refused = 'PROOF_REQUIRED' AND grant_id = :g"
    assert await town.count(attempts, g=made["grant"]["id"]) == 1
    assert await town.count("SELECT uses_left FROM consent_grant WHERE id = :g", g=made["grant"]["id"]) == 2


async def test_a_third_partys_client_gets_a_bound_token_or_none(town: Town) -> None:
    real = {"origin": "https://credit.example", "issuers": (TrustedIssuer(issuer="https://id.example", jwks="x"),)}
    for kind, settings in ((Kind.DEMONSTRATION, {}), (Kind.REAL, real)):
        async with _strict(town.house, kind, **settings) as strict:
            client, holder = await Client(strict).register(), Holder(strict)
            assertion = client.signed()
            refused = await client.ask(assertion)
            assert (refused.status_code, refused.json()) == (
                400,
                {"error": "invalid_dpop_proof", "error_description": "required"},
            )
            # Nothing was used up by the refusal.
            given = await client.ask(assertion, headers=[("DPoP", holder.proof(TOKEN))])
            token = given.json()["access_token"]
            assert given.json()["token_type"] == "DPoP"
            found = await holder.ask(_DESK, token=token, proofs=[holder.proof(token=token)])
            assert found["data"] == {"recipient": {"party": {"name": "海津示例银行"}}}


@pytest.mark.parametrize("kind", PartyKind)
@pytest.mark.parametrize("post", Post)
def test_who_is_a_third_party(kind: PartyKind, post: Post) -> None:
    looks = kind.value not in ("PARTNER", "PROVIDER", "OTHER_ORGANISATION") and post is not Post.SUPERVISOR
    assert capacity.is_third_party(kind, post, institution=False) is looks
    assert not capacity.is_third_party(kind, post, institution=True)


async def test_nothing_is_spent_by_who_brings_no_proof(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(GroupWriter, "_spend", never)
    monkeypatch.setattr(proofs, "statement", never)
    assert (await town.ask("citizen-1", "{ me { name } }")).status == 200
    assert (await town.ask("bank-1", _DESK)).status == 200
    assert await town.count(_COUNT) == 0


async def test_a_bound_token_uploads_once_a_proof(town: Town) -> None:
    holder = Holder(town, "citizen-1")
    token, content = await holder.token(), b"%PDF-1.7\n"
    proof = holder.proof("/uploads", token)
    headers = {"Authorization": f"DPoP {token}", "DPoP": proof, "Content-Type": "application/pdf"}
    kept = await town.http.post("/uploads", content=content, headers=headers)
    assert kept.status_code == 201, kept.text
    again = await town.http.post("/uploads", content=content, headers=headers)
    assert (again.status_code, json.loads(again.content)["errors"][0]["extensions"]["code"]) == (401, "PROOF_SPENT")
    assert again.headers["dpop-nonce"] == holder.nonces.current(datetime.now(UTC))
    assert await town.count("SELECT count(*) FROM upload") == 1
    loose = await town.http.post("/uploads", content=content, headers={"Authorization": f"Bearer {token}"})
    assert loose.status_code == 401


async def test_a_batch_whose_commit_was_not_heard_of_spends_its_proofs_once(town: Town) -> None:
    """The connection dies after the commit and before its answer: sent again, the proof is the request's own."""
    made, at = GroupWriter(town.house.database, Shapes()), datetime.now(UTC)
    await made.write([_look()], at=at, proof=_proof("first", "1"))
    assert made._appender is not None
    through = made._appender.transaction

    @asynccontextmanager
    async def deaf() -> AsyncIterator[None]:
        async with through():
            yield
        raise ConnectionResetError

    made._appender.transaction = deaf  # type: ignore[method-assign]
    await made.write([_look("sub_y")], at=at, proof=_proof("second", "2"))
    with pytest.raises(ProofSpent):
        await made.write([_look("sub_z")], at=at, proof=_proof("second", "3"))
    assert await town.count("SELECT count(*) FROM access WHERE purpose = 'WRITER'") == 2
    assert await town.count(_COUNT) == 2
    await made.close()


async def test_a_transaction_that_is_undone_spends_nothing(town: Town) -> None:
    async def spend(showing: str, *, undone: bool = False) -> None:
        async with town.house.database.writing() as unit:
            await proofs.spend(unit, _proof(showing=showing))
            if undone:
                raise KeyError

    for showing in ("1", "2"):
        with pytest.raises(KeyError):
            await spend(showing, undone=True)
    await spend("3")
    with pytest.raises(ProofSpent):
        await spend("4")
    assert await town.count(_COUNT) == 1


async def test_a_proof_is_forgotten_when_it_can_be_shown_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "AT_ONCE", 2)
    async with town.house.database.writing() as unit:
        for n, until in enumerate(_NOW - timedelta(seconds=s) for s in (60, 61, 62, 63)):
            await proofs.spend(unit, _proof(str(n), until=until))
    async with duties_of(town.house, Kind.DEMONSTRATION) as duties:
        forget = next(duty for duty in duties if duty.name == "proofs.forget")
        assert forget.leader_only
        assert await forget.run_once(_NOW) == 0.0
        assert await forget.run_once(_NOW) > 0
    assert await town.count(_COUNT) == await town.count(_COUNT + " WHERE name = '0'") == 1
