"""Signed webhooks to parties: set, sent, failed, paused, resumed, rotated; and the feed that holds what was missed."""

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime

import orjson
import pytest
from sqlalchemy import text

from notices import addresses, rules, sending
from notices.carriers import Message, Target
from notices.errors import NotDelivered
from notices.kinds import EventKind
from tests.harness.receiver import Receiver
from tests.notices.conftest import Desk

_AT = datetime(2026, 11, 25, tzinfo=UTC)


async def test_an_event_is_sent_once_signed_and_says_ids_only(desk: Desk, receiver: Receiver) -> None:
    made = await desk.set(receiver.url, "set")
    assert made["webhook"]["state"] == "ACTIVE"
    assert made["secret"].startswith("whsec_")
    [grant_id] = await desk.happen(1)
    await desk.town.act("citizen-1", "grantRevoke", {"grantId": grant_id}, "replayed")
    await desk.drain()
    await desk.drain(later=3600)
    assert [orjson.loads(sent.body)["type"] for sent in sorted(receiver.received, key=lambda sent: sent.body)] == [
        "GRANT_ISSUED",
        "GRANT_REVOKED",
    ]
    for sent in receiver.received:
        assert sent.path == "/hook?tenant=1"
        assert sent.verified_by(made["secret"])
        assert abs(int(sent.headers["webhook-timestamp"]) - desk.at.timestamp()) < 7200
        body = orjson.loads(sent.body)
        assert body["data"] == {"id": grant_id}
        assert set(body) == {"type", "timestamp", "data"}


async def test_the_feed_is_what_was_sent_and_holds_what_was_before(desk: Desk, receiver: Receiver) -> None:
    before = await desk.events()
    await desk.set(receiver.url, "set")
    grants = await desk.happen(7)
    await desk.drain()
    start = before[-1]["cursor"] if before else None
    fresh = await desk.events(after=start, first=2)
    assert sorted(receiver.ids) == sorted(event["id"] for event in fresh)
    assert [event["about"] for event in fresh] == grants
    assert {event["delivery"]["state"] for event in fresh} == {"DELIVERED"}
    assert all(event["delivery"] is None for event in before)
    assert await desk.events(after=fresh[-1]["cursor"]) == []


async def test_another_party_sees_none_of_it(desk: Desk, receiver: Receiver) -> None:
    await desk.set(receiver.url, "set")
    await desk.happen(1)
    await desk.drain()
    mine = await desk.events()
    assert not {event["id"] for event in mine} & {event["id"] for event in await desk.events("employer-1")}
    assert await desk.webhook("employer-1") is None
    foreign = await desk.town.ask(
        "employer-1", "query($a: String) { recipient { events(after: $a) { edges { cursor } } } }",
        {"a": mine[-1]["cursor"]},
    )  # fmt: skip
    assert foreign.code == "BAD_CURSOR"
    for persona in ("citizen-1", "till-1", "partner-1", None):
        document = "mutation($i: WebhookSetInput!) { webhookSet(input: $i) { __typename } }"
        answer = await desk.town.ask(persona, document, {"i": {"url": receiver.url, "idempotencyKey": "x"}})
        assert answer.code in ("FORBIDDEN", "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("behaviour", "word"),
    [
        ("FAULT", "STATUS_500"), ("REDIRECT", "REDIRECT"), ("DROP", "BROKEN_ANSWER"), ("SILENT", "TIMEOUT"),
        ("TRICKLE", "TIMEOUT"),
    ],
)  # fmt: skip
async def test_a_bad_answer_is_tried_again_later_under_the_same_id(
    desk: Desk, receiver: Receiver, behaviour: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_WHOLE_TRY_SECONDS", 0.4)
    await desk.set(receiver.url, "set")
    receiver.behaviour = behaviour
    await desk.happen(1)
    await desk.drain()
    event = (await desk.events())[-1]
    assert event["delivery"] == {
        "way": "WEBHOOK", "state": "DUE", "attempts": 1, "lastError": word, "endedAt": None,
    }  # fmt: skip
    assert (await desk.webhook())["failures"] == 1
    receiver.behaviour = "OK"
    await desk.drain(later=rules.WAITS[0].total_seconds() - 1)
    assert len(receiver.ids) == 1
    await desk.drain(later=2)
    assert receiver.ids == [event["id"]] * 2
    assert receiver.received[0].body == receiver.received[1].body
    assert all(sent.path == "/hook?tenant=1" for sent in receiver.received)
    assert (await desk.events())[-1]["delivery"]["state"] == "DELIVERED"
    assert (await desk.webhook())["failures"] == 0


async def test_a_huge_answer_is_not_read(desk: Desk, receiver: Receiver) -> None:
    await desk.set(receiver.url, "set")
    receiver.behaviour = "HUGE"
    await desk.happen(1)
    await desk.drain()
    assert (await desk.events())[-1]["delivery"]["state"] == "DELIVERED"


async def test_a_dead_receiver_is_paused_and_resumed_by_its_party_and_nothing_is_missing(
    desk: Desk, receiver: Receiver
) -> None:
    made = await desk.set(receiver.url, "set")
    receiver.behaviour = "FAULT"
    await desk.happen(3)
    for _ in range(rules.PAUSE_AFTER):  # an outage, and all that is due in it
        await desk.drain(later=60)
    assert (await desk.webhook())["failures"] >= rules.PAUSE_AFTER
    assert (await desk.webhook())["state"] == "ACTIVE"
    while (await desk.webhook())["state"] == "ACTIVE":
        await desk.drain(later=7200)
    paused = await desk.webhook()
    assert paused["failures"] >= rules.PAUSE_AFTER
    assert paused["pausedAt"]
    tried = len(receiver.ids)
    await desk.happen(2, tag="later")
    await desk.drain()
    assert len(receiver.ids) == tried, "a paused webhook was called"
    receiver.behaviour = "OK"
    resumed = await desk.set(receiver.url, "resume", expectedVersion=made["webhook"]["version"])
    assert (resumed["webhook"]["state"], resumed["webhook"]["failures"]) == ("ACTIVE", 0)
    assert resumed["secret"] == made["secret"]
    await desk.drain()  # no later than before: what had been put off is due at once
    events = [event for event in await desk.events() if event["delivery"]]
    assert len(events) == 5
    assert {event["delivery"]["state"] for event in events} == {"DELIVERED"}
    assert set(receiver.ids[tried:]) == {event["id"] for event in events}


async def test_a_receiver_that_is_gone_is_paused_at_once(desk: Desk, receiver: Receiver) -> None:
    await desk.set(receiver.url, "set")
    receiver.behaviour = "GONE"
    await desk.happen(1)
    await desk.drain()
    assert (await desk.webhook())["state"] == "PAUSED"
    assert (await desk.events())[-1]["delivery"]["lastError"] == "GONE"


async def test_a_message_is_given_up_visibly_and_stands_in_the_feed(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "PAUSE_AFTER", 1000)
    await desk.set(receiver.url, "set")
    receiver.behaviour = "FAULT"
    await desk.happen(1)
    for _ in range(rules.MOST_ATTEMPTS + 2):
        await desk.drain(later=86400)
    delivery = (await desk.events())[-1]["delivery"]
    assert (delivery["state"], delivery["attempts"]) == ("GIVEN_UP", rules.MOST_ATTEMPTS)
    assert delivery["endedAt"]
    assert len(receiver.ids) == rules.MOST_ATTEMPTS


async def test_after_a_rotation_both_secrets_verify_for_a_day(desk: Desk, receiver: Receiver) -> None:
    old = await desk.set(receiver.url, "set")
    new = await desk.set(receiver.url, "rotate", expectedVersion=1, rotateSecret=True)
    assert new["secret"] != old["secret"]
    assert new["webhook"]["previousSecretUntil"]
    await desk.happen(1, tag="during")
    await desk.drain()
    await desk.happen(1, tag="after")
    await desk.drain(later=86400)
    during, after = receiver.received
    assert during.verified_by(old["secret"])
    assert during.verified_by(new["secret"])
    assert after.verified_by(new["secret"])
    assert not after.verified_by(old["secret"])


async def test_secrets_are_sealed_at_rest(desk: Desk, receiver: Receiver) -> None:
    made = await desk.set(receiver.url, "set")
    await desk.set(receiver.url, "rotate", expectedVersion=1, rotateSecret=True)
    async with desk.town.house.database.reading() as unit:
        row = await unit.first(text("SELECT secret_sealed, previous_sealed FROM webhook"))
    assert row is not None
    for sealed in row:
        assert made["secret"].removeprefix("whsec_").encode() not in bytes(sealed)
        assert b"whsec_" not in bytes(sealed)


async def test_setting_is_idempotent_by_key_and_decided_by_version(desk: Desk, receiver: Receiver) -> None:
    first = await desk.set(receiver.url, "one")
    assert await desk.set(receiver.url, "one") == {**first, "replayed": True}
    assert (await desk.set(receiver.url, "two"))["code"] == "VERSION_CHANGED"
    assert (await desk.set(receiver.url, "three", expectedVersion=7))["code"] == "VERSION_CHANGED"
    assert (await desk.set(receiver.url, "four", "employer-1", expectedVersion=1))["code"] == "VERSION_CHANGED"
    assert (await desk.set(receiver.url + "&x=2", "one"))["code"] == "IDEMPOTENCY_KEY_REUSED"
    moved = await desk.set(receiver.url + "&x=2", "five", expectedVersion=1)
    assert (moved["webhook"]["version"], moved["secret"]) == (2, first["secret"])


async def test_removing_withdraws_what_was_due_and_twice_is_once(desk: Desk, receiver: Receiver) -> None:
    await desk.set(receiver.url, "set")
    receiver.behaviour = "FAULT"
    await desk.happen(1)
    await desk.drain()
    wrong = await desk.town.act("bank-1", "webhookRemove", {"expectedVersion": 9}, "replayed")
    assert wrong["code"] == "VERSION_CHANGED"
    done = [await desk.town.act("bank-1", "webhookRemove", {"expectedVersion": 1}, "replayed") for _ in range(2)]
    assert [payload["replayed"] for payload in done] == [False, True]
    await desk.happen(1, tag="unsent")
    await desk.drain(later=86400)
    assert len(receiver.ids) == 1
    *_, withdrawn, unsent = await desk.events()
    assert withdrawn["delivery"]["state"] == "WITHDRAWN"
    assert unsent["delivery"] is None
    assert await desk.webhook() is None


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://bank.example/", "URL_SCHEME"), ("https://10.0.0.1/", "URL_ADDRESS"), ("", "URL_FORMAT"),
        ("https://u:p@bank.example/", "URL_FORMAT"), ("x" * 5000, "URL_FORMAT"), ("https://\x01/", "URL_FORMAT"),
    ],
)  # fmt: skip
async def test_a_bad_url_is_refused_and_changes_nothing(desk: Desk, url: str, code: str) -> None:
    refused = await desk.set(url, "bad")
    assert refused["code"] == "INVALID_INPUT"
    assert [detail["code"] for detail in refused["details"]] == [code]
    assert refused["details"][0]["path"] == ["input", "url"]
    assert await desk.webhook() is None


async def test_on_a_real_database_this_machine_is_refused_too(desk: Desk, receiver: Receiver) -> None:
    async with desk.town.house.database.writing() as unit:
        await unit.run(text("UPDATE installation SET kind = 'real'"))
    for url, code in ((receiver.url, "URL_SCHEME"), (f"https://127.0.0.1:{receiver.port}/", "URL_ADDRESS")):
        assert (await desk.set(url, url[:20]))["details"][0]["code"] == code


# ------------------------------------------------------------------------------------------ the sender by itself
def _message(url: str) -> Message:
    target = Target(url, ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",))
    return Message("evt_1", EventKind.GRANT_ISSUED, _AT, "grt_1", "pty_1", "", target)


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:10.0.0.1"], []])
async def test_a_name_that_resolves_inwards_is_not_called(receiver: Receiver, answers: Sequence[str]) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[addresses.Address]:
        return [ipaddress.ip_address(answer) for answer in answers]

    hooks = sending.Webhooks(demonstration=False, resolve=resolve)
    with pytest.raises(NotDelivered) as refused:
        await hooks.carry(_message(f"https://bank.example:{receiver.port}/"), at=_AT)
    await hooks.close()
    assert refused.value.code == "ADDRESS_REFUSED"
    assert receiver.received == []


async def test_the_connection_goes_to_the_judged_address_under_the_partys_own_name(receiver: Receiver) -> None:
    """A name that resolves elsewhere a second time gains nothing: it is resolved once."""
    asked: list[str] = []

    async def resolve(host: str, _port: int) -> Sequence[addresses.Address]:
        asked.append(host)
        return [ipaddress.ip_address("127.0.0.1")]

    hooks = sending.Webhooks(demonstration=True, resolve=resolve)
    await hooks.carry(_message(f"http://bank.example:{receiver.port}/h?a=1"), at=_AT)
    await hooks.close()
    assert asked == ["bank.example"]
    assert receiver.received[0].headers["host"] == f"bank.example:{receiver.port}"
    assert receiver.received[0].path == "/h?a=1"


async def test_a_closed_port_and_an_unknown_name_are_words(receiver: Receiver) -> None:
    hooks = sending.Webhooks(demonstration=True)
    await receiver.__aexit__()
    for url, code in ((receiver.url, "UNREACHABLE"), ("https://no-such-name.invalid/", "NAME_UNKNOWN")):
        with pytest.raises(NotDelivered) as refused:
            await hooks.carry(_message(url), at=_AT)
        assert refused.value.code == code
    await hooks.close()
