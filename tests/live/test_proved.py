"""A token that is bound to a key opens a stream with a proof, once: in the upgrade, in `connection_init`, over SSE."""

from collections.abc import Callable, Sequence

import pytest

from api.house import House
from tests.harness.callers import Town, inhabited
from tests.harness.proving import Holder, hash_of
from tests.harness.sockets import Closed, opened
from tests.harness.streaming import streamed

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
# What is shown beside the token, by a holder whose token it is, for a method; and what is said to it.
_Proofs = Callable[[Holder, Holder, str, str], Sequence[str]]
_TABLE: dict[str, tuple[str | None, _Proofs]] = {
    "the right one": (None, lambda holder, _, token, htm: [holder.proof(token=token, htm=htm)]),
    "none": ("PROOF_INVALID", lambda *_: []),
    "two": ("PROOF_INVALID", lambda holder, _, token, htm: [holder.proof(token=token, htm=htm) for _ in range(2)]),
    "no proof at all": ("PROOF_INVALID", lambda *_: ["x.y.z"]),
    "for another method": (
        "PROOF_INVALID",
        lambda holder, _, token, htm: [holder.proof(token=token, htm="POST" if htm == "GET" else "GET")],
    ),
    "for another place": (
        "PROOF_INVALID",
        lambda holder, _, token, htm: [holder.proof(token=token, htm=htm, htu=f"{holder.origin}/oauth/token")],
    ),
    "for another token": (
        "PROOF_INVALID",
        lambda holder, _, token, htm: [holder.proof(token=token, htm=htm, ath=hash_of("x"))],
    ),
    "by another key": ("PROOF_INVALID", lambda _, other, token, htm: [other.proof(token=token, htm=htm)]),
    "of yesterday": (
        "PROOF_INVALID",
        lambda holder, _, token, htm: [holder.proof(token=token, htm=htm, iat=holder.claims()["iat"] - 86400)],
    ),
    "without a nonce": ("PROOF_NONCE", lambda holder, _, token, htm: [holder.proof(token=token, htm=htm, nonce=None)]),
}


async def _by_upgrade(town: Town, token: str, proofs: Sequence[str]) -> str | None:
    first, second = _dpop(proofs[:1]), _dpop(proofs[1:])
    return await _opened(town, {"Authorization": f"DPoP {token}", **first}, second)


async def _by_payload(town: Town, token: str, proofs: Sequence[str]) -> str | None:
    first, second = _dpop(proofs[:1]), _dpop(proofs[1:])
    return await _opened(town, second, {"Authorization": f"DPoP {token}", **first})


def _dpop(proofs: Sequence[str]) -> dict[str, str]:
    return {"DPoP": proofs[0]} if proofs else {}


async def _opened(town: Town, headers: dict[str, str], payload: dict[str, str]) -> str | None:
    async with opened(town, headers=headers) as client:
        client.say({"type": "connection_init", "payload": payload})
        client.say({"type": "ping"})
        try:
            assert [(await client.hear())["type"] for _ in range(2)] == ["connection_ack", "pong"]
        except Closed as closed:
            return f"{closed.code} {closed.reason}"
    return None


async def _by_events(town: Town, token: str, proofs: Sequence[str]) -> str | None:
    after = (await town.data("bank-1", "{ viewer { changesCursor } }"))["viewer"]["changesCursor"]
    headers = [("Authorization", f"DPoP {token}"), *(("DPoP", proof) for proof in proofs)]
    async with streamed(town.app, headers, after) as stream:
        return await stream.begun()


_WAYS = {"the upgrade": (_by_upgrade, "GET"), "connection_init": (_by_payload, "GET"), "events": (_by_events, "POST")}


async def test_a_stream_of_a_bound_token_begins_with_its_proof_and_by_no_other(town: Town, house: House) -> None:
    holder, other = Holder(town), Holder(town)
    token, right = await holder.token(), 0
    async with inhabited(house) as twin:  # another process on the same database
        for way, (begin, htm) in _WAYS.items():
            for name, (code, shown) in _TABLE.items():
                proofs = shown(holder, other, token, htm)
                said = "" if way == "events" else "4403 "
                assert await begin(town, token, proofs) == (code and said + code), (way, name)
                right += code is None
                if code is None:
                    assert await begin(twin, token, proofs) == f"{said}PROOF_SPENT", way
            assert await town.count("SELECT count(*) FROM spent_proof") == right


async def test_a_bound_token_is_no_bearer_and_an_unbound_one_is_none_where_proofs_are_required(house: House) -> None:
    strict = House(house.settings.model_copy(update={"require_proofs": True}))
    async with inhabited(strict) as town:
        bound, unbound = await Holder(town).token(), await town.token("bank-1")
        for token in (bound, unbound):
            headers = [("Authorization", f"Bearer {token}")]
            async with streamed(town.app, headers, "x") as stream:
                assert await stream.begun() == "PROOF_REQUIRED"
        async with opened(town) as socket:
            with pytest.raises(Closed) as closed:
                await socket.begin(f"Bearer {bound}")
            assert (closed.value.code, closed.value.reason) == (4403, "PROOF_REQUIRED")
        async with opened(town) as socket:
            await socket.begin(f"Bearer {unbound}")  # who it is, is asked by each operation
            socket.subscribe("1")
            assert (await socket.hear())["payload"][0]["extensions"]["code"] == "PROOF_REQUIRED"
