"""`haihe migrate` and `haihe work` as their user meets them."""

import asyncio
import json
import signal
import uuid
from collections.abc import AsyncIterator

import pytest

from api.house import House
from api.settings import Settings
from core import installation, keys
from core.installation import Kind
from core.keys import Purpose
from tests.harness import city
from tests.harness.callers import Town
from tests.harness.city import Templates
from tests.harness.commands import haihe
from tests.harness.servers import Server


@pytest.fixture
async def bare(templates: Templates, backend: str) -> AsyncIterator[House]:
    """An empty database with a key file of its own."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    path = templates.folder / f"{name}.json"
    keys.create(path)
    url = await city.empty(templates, backend, name)
    house = House(Settings(data=templates.folder, database_url=url, keys=path))
    yield house
    await house.database.close()
    await city.drop(templates, backend, name)


async def test_a_fresh_database_is_brought_up_stamped_real_and_stays_so(bare: House) -> None:
    refused = await haihe(bare, "check")
    assert (refused.exit_code, "haihe migrate" in refused.output) == (1, True)
    for _ in range(2):
        assert (await haihe(bare, "migrate", "--real")).exit_code == 0
    async with bare.database.reading() as unit:
        assert await installation.kind_of(unit) is Kind.REAL
    demo = await haihe(bare, "demo", "--citizens", "12")
    assert (demo.exit_code, "stamped real" in demo.output) == (1, True)
    unready = await haihe(bare, "check")
    assert (unready.exit_code, "HAIHE_LOG_ORIGIN" in unready.output) == (1, True)
    token = await haihe(bare, "token", "citizen-1")
    assert (token.exit_code, "eyJ" in token.output) == (1, False)


async def test_a_demonstration_is_not_made_real(own: House) -> None:
    refused = await haihe(own, "migrate", "--real")
    assert refused.exit_code == 1
    async with own.database.reading() as unit:
        assert await installation.kind_of(unit) is Kind.DEMONSTRATION


async def test_rings_that_came_later_are_added_and_said(own: House) -> None:
    path = own.settings.key_file
    older = {name: ring for name, ring in json.loads(path.read_text("utf-8")).items() if name != Purpose.WEBHOOK.value}
    path.write_text(json.dumps(older), "utf-8")
    added = await haihe(own, "migrate")
    assert (added.exit_code, "webhook" in added.output) == (0, True), added.output
    assert keys.load(path).active(Purpose.WEBHOOK)
    assert "keys added" not in (await haihe(own, "migrate")).output


async def test_work_carries_the_duties_until_it_is_told_to_stop(town: Town, backend: str) -> None:
    await town.data("citizen-1", "{ me { name } }")
    waiting = "SELECT count(*) FROM access_unsealed"
    assert await town.count(waiting) > 0
    working = Server(town.house.settings, f"working-{backend}", arguments=("work",))
    try:
        for _ in range(600):
            if await town.count(waiting) == 0:
                break
            await asyncio.sleep(0.1)
        assert await town.count(waiting) == 0
        working.process.send_signal(signal.SIGTERM)
        assert working.process.wait(timeout=30) == 0
    finally:
        working.stop()
