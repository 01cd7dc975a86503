"""The relay under kills and crowds: nothing is lost, a repeat carries the same id, a position never comes too late."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from api.relaying import relay_of
from core.installation import Kind
from notices import deliveries, outbox, rules
from notices.carriers import Message
from notices.errors import NotDelivered
from notices.kinds import EventKind, Way
from notices.relay import Relay
from tests.harness import relaying
from tests.harness.receiver import Receiver
from tests.harness.scale import scaled
from tests.notices.conftest import Desk

_on_postgres = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


async def test_kill_9_between_send_and_mark_loses_nothing_and_repeats_ids(desk: Desk, receiver: Receiver) -> None:
    """The receiver kills the relay the moment a message has arrived: it is sent, and never marked."""
    settings = desk.town.house.settings
    await desk.set(receiver.url, "set")
    await desk.happen(6)
    at, kills = desk.at, scaled(2, 20)
    for round_ in range(kills):
        process = relaying.start(settings, at, settings.data / f"relay-{id(desk)}-{round_}.log")
        receiver.on_request = process.kill
        assert await asyncio.to_thread(process.wait, 60) == -9
        at += rules.LEASE + timedelta(seconds=1)
    arrived = len(receiver.ids)
    assert arrived >= kills
    receiver.on_request = lambda: None
    process = relaying.start(settings, at, settings.data / f"relay-{id(desk)}-last.log")
    assert await asyncio.to_thread(process.wait, 60) == 0
    events = [event for event in await desk.events() if event["delivery"]]
    assert len(events) == 6
    assert {event["delivery"]["state"] for event in events} == {"DELIVERED"}
    assert set(receiver.ids) == {event["id"] for event in events}
    assert max(Counter(receiver.ids).values()) >= 2, "no message was ever repeated: the kills came too late"
    bodies: dict[str, set[bytes]] = {}
    for sent in receiver.received:
        bodies.setdefault(sent.id, set()).add(sent.body)
    assert all(len(found) == 1 for found in bodies.values())


@_on_postgres
async def test_many_relays_at_once_send_each_message_once(desk: Desk, receiver: Receiver) -> None:
    await desk.set(receiver.url, "set")
    await desk.happen(scaled(20, 200))
    made = [relay_of(desk.town.house, Kind.DEMONSTRATION) for _ in range(6)]

    async def drain(relay: Relay) -> None:
        while await relay.run_once(desk.at) == 0.0:
            pass

    await asyncio.gather(*(drain(relay) for relay, _ in made))
    for _, hooks in made:
        await hooks.close()
    assert set(Counter(receiver.ids).values()) == {1}
    assert sorted(receiver.ids) == sorted(event["id"] for event in await desk.events() if event["delivery"])


@_on_postgres
async def test_two_that_take_at_once_neither_meet_nor_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "BATCH", 3)
    database = desk.town.house.database
    await desk.happen(6)
    for _ in range(4):
        async with database.writing() as unit:
            await deliveries.fan_out(unit, at=desk.at)
    async with database.writing() as one, database.writing() as other:
        mine = await deliveries.take(one, at=desk.at)
        theirs = await deliveries.take(other, at=desk.at)
    assert len(mine) == len(theirs) == 3
    assert not {taken.delivery_id for taken in mine} & {taken.delivery_id for taken in theirs}


@_on_postgres
async def test_two_leaders_at_once_number_one_after_the_other(desk: Desk) -> None:
    """The second would give the first one's numbers to rows that the first has not seen."""
    database, bank = desk.town.house.database, await desk.town.party("海津示例银行")
    after = (await desk.events())[-1]["cursor"]

    async def tell(at: datetime) -> str:
        async with database.writing() as unit:
            return await outbox.tell_party(unit, bank, EventKind.GRANT_ISSUED, about="grt_x", at=at)

    async def number() -> int:
        async with database.writing() as unit:
            return await deliveries.fan_out(unit, at=desk.at)

    later = await tell(desk.at)
    async with database.writing() as unit:
        assert await deliveries.fan_out(unit, at=desk.at) == 1
        earlier = await tell(desk.at - timedelta(seconds=5))
        second = asyncio.create_task(number())
        await asyncio.wait({second}, timeout=0.3)
        assert not second.done()
    assert await second == 1
    assert [event["id"] for event in await desk.events(after=after)] == [later, earlier]


@_on_postgres
async def test_a_late_commit_gets_a_late_position(desk: Desk) -> None:
    """A row written first and committed last is found by who has read on already."""
    database, at = desk.town.house.database, datetime.now(UTC)
    bank = await desk.town.party("海津示例银行")
    written, commit = asyncio.Event(), asyncio.Event()

    async def slow() -> str:
        async with database.writing() as unit:
            event_id = await outbox.tell_party(unit, bank, EventKind.GRANT_ISSUED, about="grt_slow", at=at)
            written.set()
            await commit.wait()
            return event_id

    running = asyncio.create_task(slow())
    await written.wait()
    async with database.writing() as unit:
        quick = await outbox.tell_party(
            unit, bank, EventKind.GRANT_ISSUED, about="grt_quick", at=at + timedelta(seconds=1)
        )
    await desk.drain()
    seen = await desk.events()
    assert seen[-1]["id"] == quick
    commit.set()
    late = await running
    await desk.drain()
    assert [event["id"] for event in await desk.events(after=seen[-1]["cursor"])] == [late]


@_on_postgres
async def test_a_reader_of_the_feed_amid_writers_and_relays_misses_nothing(desk: Desk) -> None:
    database, bank = desk.town.house.database, await desk.town.party("海津示例银行")
    start = (await desk.events())[-1]["cursor"]
    total, written = scaled(60, 600), []

    async def write(numbers: range) -> None:
        for n in numbers:
            async with database.writing() as unit:
                found = await outbox.tell_party(
                    unit, bank, EventKind.GRANT_ISSUED, about=f"grt_{n}", at=datetime.now(UTC)
                )
                await asyncio.sleep(0)
            written.append(found)

    async def number() -> None:
        async with database.writing() as unit:
            await deliveries.fan_out(unit, at=desk.at)

    writers = [asyncio.create_task(write(range(k, total, 4))) for k in range(4)]
    read, after = [], start
    while not all(writer.done() for writer in writers) or len(read) < total:
        await asyncio.gather(number(), number())
        for event in await desk.events(after=after, first=7):
            read.append(event["id"])
            after = event["cursor"]
    await asyncio.gather(*writers)
    assert Counter(read) == Counter(written)


@_on_postgres
async def test_one_first_webhook_of_many_at_once(desk: Desk, receiver: Receiver) -> None:
    answers = await asyncio.gather(*(desk.set(receiver.url, f"k{n}") for n in range(16)))
    assert Counter(answer.get("code", "SET") for answer in answers) == {"SET": 1, "VERSION_CHANGED": 15}


class _Carrier:
    """Does what a test says."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.carried: list[str] = []

    async def carry(self, message: Message, *, at: datetime) -> None:
        if self.error is not None:
            raise self.error
        self.carried.append(message.id)


async def test_one_carriers_fault_does_not_hold_up_the_others(desk: Desk, receiver: Receiver) -> None:
    house = desk.town.house
    await desk.set(receiver.url, "set")
    await desk.happen(2)
    good, bad = _Carrier(None), _Carrier(RuntimeError("银行"))
    relay = Relay(house.database, house.vault, {Way.SMS: bad, Way.POST: bad, Way.WEBHOOK: good}, jitter=lambda: 0.5)
    assert await relay.run_once(desk.at) == 0.0
    assert len(good.carried) == 2
    async with house.database.reading() as unit:
        rows = await unit.all(text("SELECT error, attempts FROM delivery WHERE way = 'SMS' AND state = 'DUE'"))
    assert [tuple(row) for row in rows] == [("FAULT", 1)] * 2
    rest = await relay.run_once(desk.at)
    assert 0 < rest <= 2.0


async def test_a_try_that_was_overtaken_decides_nothing(desk: Desk) -> None:
    """A relay that slept through its lease: the second try arrived, and the first one's failure comes too late."""
    await desk.town.grant("citizen-1", key="slow")
    database = desk.town.house.database
    async with database.writing() as unit:
        await deliveries.fan_out(unit, at=desk.at)
    first = await _take(desk, desk.at)
    assert await _take(desk, desk.at) == []
    second = await _take(desk, desk.at + rules.LEASE)
    assert [taken.delivery_id for taken in first] == [taken.delivery_id for taken in second]

    async def mark(work: Any) -> None:
        async with database.writing() as unit:
            await work(unit)

    await mark(lambda unit: deliveries.failed(unit, first[0], "TIMEOUT", jitter=0.0, at=desk.at))
    assert await desk.town.count("SELECT count(*) FROM delivery WHERE error IS NOT NULL") == 0
    await mark(lambda unit: deliveries.delivered(unit, second[0], at=desk.at))
    await mark(lambda unit: deliveries.failed(unit, second[0], "TIMEOUT", jitter=0.0, at=desk.at))
    assert await desk.town.count("SELECT count(*) FROM delivery WHERE state = 'DUE'") == 0


async def _take(desk: Desk, at: datetime) -> list[deliveries.Taken]:
    async with desk.town.house.database.writing() as unit:
        return list(await deliveries.take(unit, at=at))


async def test_a_text_message_that_never_gets_out_is_given_up_and_shown(desk: Desk) -> None:
    house = desk.town.house
    await desk.town.grant("citizen-1", key="never")
    bad = _Carrier(NotDelivered("NO_NUMBER"))
    relay = Relay(house.database, house.vault, dict.fromkeys(Way, bad), jitter=lambda: 0.0)
    for _ in range(rules.MOST_ATTEMPTS + 1):
        await relay.run_once(desk.at)
        desk.at += timedelta(days=1)
    document = "{ me { notices(first: 1) { edges { node { deliveries { way state attempts lastError } } } } } }"
    found = await desk.town.data("citizen-1", document)
    assert found["me"]["notices"]["edges"][0]["node"]["deliveries"] == [
        {"way": "SMS", "state": "GIVEN_UP", "attempts": rules.MOST_ATTEMPTS, "lastError": "NO_NUMBER"}
    ]
