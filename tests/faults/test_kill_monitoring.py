"""kill -9 between a load and its telling: what is committed is told, under one id; what is not never was."""

import asyncio
import uuid
from collections import Counter
from pathlib import Path

import pytest

from intake import layouts
from tests.harness import relaying
from tests.harness.asking import identity
from tests.harness.killing import killed
from tests.harness.monitoring import monitored
from tests.harness.provider_files import penalty, write
from tests.harness.receiver import Receiver
from tests.harness.scale import scaled
from tests.notices.conftest import Desk, desk, receiver  # noqa: F401 (fixtures)

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_LOAD = """
import os, sys
from tests.harness.killing import Step
Step.parse(sys.argv[1]).plant(lambda: True)
from api.__main__ import main
main(["import", "--provider", "SCJG", sys.argv[2]])
"""
_STEPS = ("before grants.watching:tell", "after grants.watching:tell", "after audit.feeds:append",
          "after credit.entering:put_records")  # fmt: skip


@pytest.mark.parametrize("step", _STEPS)
async def test_a_killed_load_tells_what_it_committed_and_no_more(
    desk: Desk,  # noqa: F811
    receiver: Receiver,  # noqa: F811
    tmp_path: Path,
    step: str,
) -> None:
    town = desk.town
    await desk.set(receiver.url, "hook")
    grant_id = await monitored(town)
    who = await identity(town, "citizen-2")
    named = {layouts.NAME: who["name"], layouts.IDENTITY_NUMBER: who["number"]}
    path = write(tmp_path / "killed.csv", layouts.PENALTY, [penalty("杀1号", **named)])
    await killed(town.house.settings, _LOAD, step, str(path))
    loaded = await town.count("SELECT count(*) FROM record WHERE document_number = '杀1号'")
    written = await town.count("SELECT count(*) FROM outbox WHERE about = :g AND kind = 'RECORDS_CHANGED'", g=grant_id)
    logged = await town.count("SELECT count(*) FROM access WHERE basis = 'MONITORING' AND grant_id = :g", g=grant_id)
    assert loaded == written == logged == 0


async def test_kill_9_between_load_and_relay_loses_nothing_and_repeats_the_id(
    desk: Desk,  # noqa: F811
    receiver: Receiver,  # noqa: F811
    tmp_path: Path,
    figures: dict[str, int],
) -> None:
    from tests.harness.monitoring import report

    town = desk.town
    await desk.set(receiver.url, "hook")
    await monitored(town)
    await desk.drain()
    rounds = scaled(2, 10)
    for round_ in range(rounds):
        await report(town, tmp_path, number=f"杀{round_}号")
        log = town.house.settings.data / f"killed-{uuid.uuid4().hex[:6]}.log"
        process = relaying.start(town.house.settings, desk.at, log)
        receiver.on_request = process.kill
        await asyncio.to_thread(process.wait)
        receiver.on_request = lambda: None
        await desk.drain(later=120)
    events = {event["id"] for event in await desk.events() if event["kind"] == "RECORDS_CHANGED"}
    sent = Counter(call.id for call in receiver.received if b"RECORDS_CHANGED" in call.body)
    assert len(events) >= rounds
    assert events >= set(sent)
    assert len(set(sent)) == rounds
    figures["kills"], figures["repeats"] = rounds, sum(sent.values()) - rounds
