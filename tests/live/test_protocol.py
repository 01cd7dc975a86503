"""graphql-transport-ws, message by message: nothing that anybody can say is answered by a dropped socket."""

import asyncio
import json
from typing import Any

import pytest

from api import listening as inside
from api import sockets
from api.house import House
from notices import changes
from tests.harness.callers import Town, inhabited
from tests.harness.sockets import CHANGES, PATIENCE, Closed, listening, opened

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_SUBSCRIBE: dict[str, Any] = {"id": "1", "type": "subscribe", "payload": {"query": CHANGES}}

BAD: dict[str, Any] = {
    "not JSON": "{",
    "NaN": '{"type": "ping", "payload": {"a": NaN}}',
    "deep": "[" * 30_000,
    "a list": [],
    "a number": 1,
    "null": None,
    "no type": {"payload": {}},
    "an unknown type": {"type": "x" * 5000},
    "a type that is no word": {"type": {}},
    "start of the old protocol": {"type": "start", "id": "1", "payload": {"query": CHANGES}},
    "an id that is a number": {**_SUBSCRIBE, "id": 1},
    "an id that is empty": {**_SUBSCRIBE, "id": ""},
    "an id that is long": {**_SUBSCRIBE, "id": "x" * 5000},
    "an id that is a list": {**_SUBSCRIBE, "id": ["1"]},
    "no id": {"type": "complete"},
    "no payload": {**_SUBSCRIBE, "payload": None},
    "a query that is a number": {**_SUBSCRIBE, "payload": {"query": 5}},
    "no query": {**_SUBSCRIBE, "payload": {"variables": {}}},
    "a name that is no text": {**_SUBSCRIBE, "payload": {"documentId": 5}},
    "a name of another text": {**_SUBSCRIBE, "payload": {"query": CHANGES, "documentId": "0" * 64}},
    "variables that are a list": {**_SUBSCRIBE, "payload": {"query": CHANGES, "variables": []}},
    "extensions that are a list": {**_SUBSCRIBE, "payload": {"query": CHANGES, "extensions": [1]}},
    "a name that is a number": {**_SUBSCRIBE, "payload": {"query": CHANGES, "operationName": 1}},
    "a ping with a list": {"type": "ping", "payload": []},
}
ERRORS: dict[str, tuple[dict[str, Any], str]] = {
    "a syntax error": ({"query": "subscription {"}, "PARSE_FAILED"),
    "an unknown field": ({"query": "subscription { everything }"}, "VALIDATION_FAILED"),
    "a skipped root": ({"query": "subscription { changes @skip(if: true) { id } }"}, "VALIDATION_FAILED"),
    "two roots": ({"query": "subscription { a: changes { id } b: changes { id } }"}, "VALIDATION_FAILED"),
    "two operations": ({"query": "subscription A { changes { id } } subscription B { changes { id } }"},
                       "OPERATION_UNKNOWN"),
    "an unknown document": ({"documentId": "sha256:" + "0" * 64}, "DOCUMENT_UNKNOWN"),
    "an unknown operation": ({"query": CHANGES, "operationName": "x" * 5000}, "OPERATION_UNKNOWN"),
    "a query": ({"query": "{ viewer { name } }"}, "SUBSCRIPTIONS_ONLY"),
    "a mutation": ({"query": 'mutation { noticeRead(input: {noticeId: "x"}) { __typename } }'}, "SUBSCRIPTIONS_ONLY"),
    "a variable of another kind": ({"query": CHANGES, "variables": {"after": 1}}, "VARIABLES_INVALID"),
    "a forged cursor": ({"query": CHANGES, "variables": {"after": "%" * 60}}, "BAD_CURSOR"),
    "a NUL": ({"query": CHANGES, "variables": {"after": "\x00"}}, "BAD_REQUEST"),
    "a deep variable": ({"query": CHANGES, "variables": {"after": json.loads("[" * 50 + "]" * 50)}}, "BAD_REQUEST"),
    "a fragment bomb": (
        {
            "query": "subscription { changes { ...F0 } }"
            + "".join(f" fragment F{n} on Change {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
            + " fragment F40 on Change { id }"
        },
        "TOO_LARGE",
    ),
}  # fmt: skip


@pytest.fixture
async def token(town: Town) -> str:
    """A citizen's."""
    return f"Bearer {await town.token('citizen-1')}"


async def test_what_is_no_message_closes_with_4400(town: Town, token: str) -> None:
    for name, message in BAD.items():
        for let_in in (True, False):
            async with opened(town) as client:
                if let_in:
                    await client.begin(token)
                client.say(message if isinstance(message, str) else json.dumps(message))
                closed = await client.closed()
                # Who is not let in yet and wants to listen is told that first.
                assert closed.code in ({4400} if let_in else {4400, 4401}), (name, let_in)
    async with opened(town) as client:
        client.say_bytes(b'{"type": "ping"}')
        assert (await client.closed()).code == 4400
    async with opened(town) as client:
        client.say('{"type": "ping", "payload": {"x": "' + "x" * 70_000 + '"}}')
        assert (await client.closed()).code == 1009


async def test_a_bad_operation_ends_itself_and_nothing_else(town: Town, token: str) -> None:
    async with opened(town) as client:
        await client.begin(token)
        client.subscribe("stays")
        for name, (payload, code) in ERRORS.items():
            client.say({"id": "bad", "type": "subscribe", "payload": payload})
            refused = await client.hear()
            assert (refused["id"], refused["type"]) == ("bad", "error"), (name, refused)
            assert refused["payload"][0]["extensions"]["code"] == code, (name, refused)
        client.say({"type": "ping", "payload": {"a": 1}})
        assert await client.hear() == {"type": "pong"}
        client.subscribe("stays")
        assert (await client.closed()).code == 4409


async def test_the_order_of_things(town: Town, token: str) -> None:
    async with opened(town, protocols=["graphql-ws"]) as client:
        assert (await client.raw()) == {"type": "websocket.accept"}
        assert (await client.closed()).code == 4406
    async with opened(town) as client:
        client.subscribe("1")
        assert (await client.closed()).code == 4401
    async with opened(town) as client:
        await client.begin(token)
        client.say({"type": "connection_init"})
        assert (await client.closed()).code == 4429
    async with opened(town) as client:
        client.say({"type": "ping"})
        assert await client.hear() == {"type": "pong"}
        with pytest.raises(Closed) as closed:
            await client.begin(None)
        assert closed.value.code == 4401
    for wrong in ("Bearer x", "Basic x", token + "x", f"DPoP {token[7:]}"):
        async with opened(town) as client:
            with pytest.raises(Closed) as closed:
                await client.begin(wrong)
            assert (closed.value.code, closed.value.reason) == (4403, "UNAUTHENTICATED")
    async with opened(town, headers={"authorization": token}) as client:
        await client.begin(None)
    async with opened(town, headers={"authorization": token}) as client:
        with pytest.raises(Closed):
            await client.begin(token)  # two tokens


async def test_what_is_said_on_a_socket_spends_what_it_would_at_the_door(house: House) -> None:
    house.settings = house.settings.model_copy(update={"person_per_minute": 4})
    async with inhabited(house) as town:
        token = f"Bearer {await town.token('citizen-1')}"
        async with opened(town) as client:
            await client.begin(token)  # one
            for n in range(3):
                client.subscribe(str(n))
            client.say({"id": "bad", "type": "subscribe", "payload": {"query": "subscription {"}})
            refused = await client.hear()
            assert (refused["id"], refused["payload"][0]["extensions"]["code"]) == ("bad", "RATE_LIMITED")
            client.say({"type": "ping"})
            assert await client.hear() == {"type": "pong"}
            assert (await town.ask("citizen-1", "{ viewer { name } }")).code == "RATE_LIMITED"
            async with opened(town) as another:
                with pytest.raises(Closed) as closed:
                    await another.begin(token)
                assert (closed.value.code, closed.value.reason) == (1013, "RATE_LIMITED")
        async with opened(town) as client:
            await client.begin(f"Bearer {await town.token('citizen-2')}")


async def test_who_says_nothing_is_let_go(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "INIT_SECONDS", 0.05)
    async with opened(town) as client:
        assert (await client.closed()).code == 4408


async def test_a_page_of_somebody_elses_opens_no_socket(town: Town, token: str) -> None:
    for origin in ("https://evil.example", "null", "http://haihe.test.evil.example", "haihe.test", "http://[", ""):
        async with opened(town, headers={"origin": origin}) as client:
            assert (await client.raw())["status"] == 403, origin
    for origin in ("http://haihe.test", town.house.settings.origin or "http://haihe.test"):
        async with opened(town, headers={"origin": origin}) as client:
            await client.begin(token)


async def test_complete_stops_one_and_frees_its_id(town: Town, token: str) -> None:
    async with opened(town) as client:
        await client.begin(token)
        for _ in range(3):
            for n in range(sockets.MOST_STREAMS):
                client.subscribe(str(n))
            client.subscribe("more")
            refused = await client.hear()
            assert (refused["id"], refused["payload"][0]["extensions"]["code"]) == ("more", "TOO_MANY_STREAMS")
            for n in range(sockets.MOST_STREAMS):
                client.say({"id": str(n), "type": "complete"})
            client.say({"id": "never", "type": "complete"})
        client.say({"type": "ping"})
        assert await client.hear() == {"type": "pong"}


async def test_there_is_room_for_so_many_of_one_and_of_all(
    town: Town, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inside, "MOST_OF_ONE", 2)
    monkeypatch.setattr(inside, "MOST_OF_ALL", 3)
    async with opened(town) as first, opened(town) as second:
        await first.begin(token)
        await second.begin(token)
        async with opened(town) as third:
            with pytest.raises(Closed) as closed:
                await third.begin(token)
            assert (closed.value.code, closed.value.reason) == (1013, "TOO_MANY")
        async with opened(town) as other:
            await other.begin(f"Bearer {await town.token('citizen-2')}")
            async with opened(town) as fourth:
                assert (await fourth.raw())["status"] == 503
    async with opened(town) as again:
        await again.begin(token)


async def test_one_address_opens_so_many_without_a_word_and_shuts_nobody_out(
    town: Town, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inside, "MOST_STRANGERS", 2)
    async with opened(town) as known:
        await known.begin(token)
        async with opened(town) as silent, opened(town) as another:
            assert (await silent.raw())["type"] == (await another.raw())["type"] == "websocket.accept"
            async with opened(town) as refused:
                said = await refused.raw()
                assert (said["status"], said["headers"]) == (503, [(b"retry-after", b"2")])
            async with opened(town, address="192.0.2.7") as elsewhere:
                await elsewhere.begin(token)
            await another.begin(token)
            async with opened(town) as later:
                await later.begin(token)


async def test_who_reads_too_slowly_is_let_go_and_misses_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "SLOW_SECONDS", 0.1)
    async with listening(town, "citizen-1") as phone:
        phone.say({"type": "ping"})
        await phone.hear()
        phone.readable.clear()
        phone.say({"type": "ping"})
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait([phone.serving])


async def test_a_server_that_goes_completes_every_stream(town: Town) -> None:
    async with listening(town, "citizen-1") as phone, listening(town, "citizen-2") as other:
        for one in (phone, other):
            one.say({"type": "ping"})
            await one.hear()
        await town.app.state.room.close()
        for one in (phone, other):
            assert await one.hear() == {"id": "1", "type": "complete"}
            assert (await one.closed()).code == 1001
        async with opened(town) as late:
            assert (await late.raw())["status"] == 503


async def test_a_fault_is_masked_and_the_socket_stays(town: Town, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> int:
        raise RuntimeError("postgres://user:secret@host")

    async with opened(town) as client:
        await client.begin(token)
        monkeypatch.setattr(changes, "last", broken)
        client.subscribe("1")
        refused = await client.hear()
        assert refused["payload"][0]["extensions"]["code"] == "FAULT"
        assert "secret" not in json.dumps(refused)
        client.say({"type": "ping"})
        assert await client.hear() == {"type": "pong"}


async def test_a_subscription_by_plain_post_is_refused(town: Town) -> None:
    answer = await town.ask("citizen-1", CHANGES)
    assert (answer.status, answer.code) == (406, "STREAM_NEEDED")
