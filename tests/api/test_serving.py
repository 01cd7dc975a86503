"""Several processes over one database: only with a Redis that all of them share."""

import pytest

from api.settings import Settings
from tests.harness.callers import Town
from tests.harness.redis import RedisServer
from tests.harness.scale import FULL
from tests.harness.servers import Server


def _refused(settings: Settings, name: str) -> str:
    """What a server that does not start says."""
    server = Server(settings, name)
    try:
        assert server.process.wait(timeout=60) != 0
        return server.output.read_text("utf-8") + (server.output.with_suffix(".log")).read_text("utf-8")
    finally:
        server.stop()


# Each server takes seconds to start: at a small scale each rule is shown on one of the databases.
@pytest.mark.parametrize("backend", ["sqlite", *(["postgresql"] if FULL else [])], indirect=True)
async def test_a_second_process_without_redis_refuses_and_starts_when_the_first_is_killed(
    town: Town, backend: str
) -> None:
    settings = town.house.settings
    with Server(settings, f"first-{backend}") as first:
        assert "HAIHE_REDIS_URL" in _refused(settings, f"second-{backend}")
        first.kill()
        with Server(settings, f"third-{backend}") as third:
            assert third.ready()


@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_with_one_redis_many_serve_and_nobody_without_it_joins(
    town: Town, backend: str, redis_server: RedisServer
) -> None:
    shared = town.house.settings.model_copy(update={"redis_url": redis_server.url})
    with Server(shared, f"one-{backend}"), Server(shared, f"two-{backend}"):
        assert "HAIHE_REDIS_URL" in _refused(town.house.settings, f"alone-{backend}")
    with Server(town.house.settings, f"stays-{backend}"):
        assert "HAIHE_REDIS_URL" in _refused(shared, f"joins-{backend}")
