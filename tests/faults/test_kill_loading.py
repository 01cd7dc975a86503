"""Whoever receives a file or loads it killed, as by kill -9, at each step: nothing is lost, and nothing is twice."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from intake import arriving, batches, unloading
from tests.harness import sending
from tests.harness.callers import Town
from tests.harness.killing import DoomedServer, Step
from tests.harness.provider_files import penalty
from tests.harness.scale import FULL
from tests.harness.sending import send, status, unload

_LOADING = (
    "intake.batches:claim",
    "intake.arriving:content",
    "intake.loading:Loader.inspect",
    "intake.loading:Loader._enter*2",
    "core.blobs:Blobs.keep",
    "intake.batches:end",
    "intake.unloading:Unloader._keep",
)
_CASES = [f"{when} {step}" for step in _LOADING for when in ("before", "after")]
_RUN = _CASES if FULL else ["after intake.loading:Loader._enter*2"]
_SENT = arriving.PART + (1 << 20)
# Each step, and how much is there at least.
_ARRIVING = {
    "before intake.arriving:append": 0,
    "after intake.arriving:append": 0,  # its transaction was never committed
    "before intake.arriving:append*2": arriving.PART,
    "before intake.arriving:complete": _SENT,
}
_RUN_ARRIVING = list(_ARRIVING) if FULL else ["before intake.arriving:append*2"]
_ROWS = 600  # more than one transaction of the loader
_LATER = batches.LEASE + timedelta(minutes=1)


def _doomed(town: Town, step: str) -> DoomedServer:
    name = f"{town.house.settings.database_url.rsplit('/', 1)[1]}-doomed"
    return DoomedServer(town.house.settings, name, step)


@pytest.mark.parametrize("step", _RUN)
@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_a_killed_load_is_followed_by_one_that_completes(town: Town, step: str) -> None:
    records = await town.count("SELECT count(*) FROM record")
    rows = [penalty(f"海津罚〔2026〕{number}号") for number in range(_ROWS)]
    file = sending.sheet([*rows, penalty("海津罚〔2026〕错号", 公示截止期="x")])
    with _doomed(town, step) as server:
        server.arm()
        path = (await send(town, file)).json()["status"]
        assert await asyncio.to_thread(server.died, seconds=30), f"nobody reached {step}"
    over = (await status(town, path)).json()["state"] == "DONE"
    assert over == (step == _CASES[-1])
    await unload(town, later=_LATER)
    told = (await status(town, path)).json()
    assert (told["state"], told["added"] + told["unchanged"], told["rejected"]) == ("DONE", _ROWS, 1)
    assert await town.count("SELECT count(*) FROM record") == records + _ROWS
    assert await town.count("SELECT count(*) FROM blob") == 1
    if over:  # nobody begins it again: what it left goes with the next sweep
        unloading.sweep(town.house.loading, before=datetime.now(UTC) + _LATER)
    assert list(town.house.loading.glob(f"{told['id']}*")) == []


@pytest.mark.parametrize("step", _RUN_ARRIVING)
@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_what_had_arrived_before_the_kill_is_there_after_it(town: Town, step: str) -> None:
    file = b"x" * _SENT
    headers = await sending.bearer(town) | {"Idempotency-Key": "k"}
    with _doomed(town, step) as server:
        server.arm()
        async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
            with pytest.raises(httpx.HTTPError):
                await client.post(sending.PATH, content=file, headers=headers)
        assert await asyncio.to_thread(server.died, seconds=30), f"nobody reached {step}"
    again = await send(town, file, Idempotency_Key="k")
    ends = int(again.headers["upload-offset"])
    assert (again.status_code, again.headers["upload-complete"]) == (202, "?0")
    assert _ARRIVING[step] <= ends <= _SENT
    assert (ends > 0) == (_ARRIVING[step] > 0)
    whole = await sending.append(town, again.headers["location"], file[ends:], start=ends, complete=True)
    assert whole.json()["sha256"] == hashlib.sha256(file).hexdigest()


@pytest.mark.parametrize("step", [*_CASES, *_ARRIVING])
def test_every_step_of_the_table_exists(step: str) -> None:
    Step.parse(step).find()
