"""Files that arrive at once, and who loads them: one file is one batch, one batch is loaded by one."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake import batches
from intake.loading import Loader
from tests.harness import sending
from tests.harness.callers import Town
from tests.harness.scale import scaled
from tests.harness.sending import append, send, status, unloader

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


async def test_one_file_sent_by_many_at_once_is_one_batch(town: Town) -> None:
    for _ in range(scaled(2, 20)):
        file = sending.penalties(1)
        answers = await asyncio.gather(*(send(town, file) for _ in range(6)))
        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.json()["id"] for answer in answers}) == 1
    batches_ = "SELECT count(*) FROM sent_batch WHERE state = 'RECEIVED'"
    assert await town.count(batches_) == await town.count("SELECT count(*) FROM sent_part") == scaled(2, 20)


async def test_one_key_used_by_many_at_once_opens_one_batch(town: Town) -> None:
    files = [sending.penalties(1) for _ in range(6)]
    answers = await asyncio.gather(*(send(town, file, Idempotency_Key="k") for file in files))
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await town.count("SELECT count(*) FROM sent_batch") == 1


async def test_of_many_who_append_at_one_place_one_does(town: Town) -> None:
    path = (await send(town, b"begun", Upload_Complete="?0")).headers["location"]
    answers = await asyncio.gather(*(append(town, path, b"x" * n, start=5, complete=False) for n in range(1, 9)))
    taken = [n for n, answer in enumerate(answers, 1) if answer.status_code == 204]
    assert sorted(answer.status_code for answer in answers) == [204] + [409] * 7
    assert (await status(town, path)).json()["received"] == 5 + taken[0]
    assert await town.count("SELECT count(*) FROM blob") == 2, "a part that lost left its bytes"


async def test_who_takes_back_what_another_appends_to_leaves_nothing_behind(town: Town) -> None:
    headers = await sending.bearer(town)
    for _ in range(scaled(3, 30)):
        path = (await send(town, b"begun", Upload_Complete="?0")).headers["location"]
        await asyncio.gather(
            append(town, path, b"more", start=5, complete=True), town.http.delete(path, headers=headers)
        )
    left = "SELECT count(*) FROM sent_batch"
    assert await town.count("SELECT count(*) FROM blob") == await town.count("SELECT count(*) FROM sent_part")
    whole = left + " WHERE state IN ('RECEIVED', 'REPEATED')"  # of two that came whole, the second is the first again
    assert await town.count(left) == await town.count(whole)


async def test_two_workers_load_each_file_once(town: Town) -> None:
    count = scaled(4, 30)
    sent = [(await send(town, sending.penalties(3))).json()["status"] for _ in range(count)]
    before = await town.count("SELECT count(*) FROM intake_batch")

    async def work() -> None:
        while await town.count("SELECT count(*) FROM sent_batch WHERE state IN ('RECEIVED', 'LOADING')"):
            await unloader(town).run_once(datetime.now(UTC))

    await asyncio.gather(*(work() for _ in range(2)))
    assert [(await status(town, path)).json()["added"] for path in sent] == [3] * count
    assert await town.count("SELECT count(*) FROM intake_batch") == before + count
    assert await town.count("SELECT count(*) FROM sent_batch WHERE tries = 1") == count


async def test_who_is_overtaken_is_not_heard(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    path = (await send(town, sending.penalties(2))).json()["status"]
    load, began, calls = Loader.load, asyncio.Event(), 0

    async def slow(self: Loader, *given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            began.set()
            await asyncio.Event().wait()  # as a process that hangs: nothing but the lost lease ends it
        return await load(self, *given, **named)

    monkeypatch.setattr(Loader, "load", slow)
    first = asyncio.create_task(unloader(town).run_once(datetime.now(UTC)))
    await began.wait()
    assert await unloader(town).run_once(datetime.now(UTC)) > 0, "its lease is not over"
    later = datetime.now(UTC) + batches.LEASE + timedelta(minutes=1)
    await unloader(town).run_once(later)
    told = (await status(town, path)).json()
    assert (told["state"], told["added"]) == ("DONE", 2)
    await asyncio.wait_for(first, 10)
    assert (await status(town, path)).json() == told
    assert list(town.house.loading.glob(f"{told['id']}*")) == []
