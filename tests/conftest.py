"""One cluster and one built city a run; a copy of the city for each test; logs kept to be searched at the end."""

import gc
import json
import os
import re
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from functools import cache, lru_cache
from pathlib import Path

import pytest
from httpx._transports import default
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import LRUCache

from api import logs
from api.house import House
from core import database
from schema import documents
from tests.harness import city, postgres, proofs, redis, scratch
from tests.harness.callers import Town, inhabited
from tests.harness.city import Templates
from tests.harness.proofs import figures  # noqa: F401 (a fixture)

_RUN = "HAIHE_TEST_RUN"
_clusters: list[postgres.Cluster] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster and build the city, once: in the process that hands out the work."""
    for name in [name for name in os.environ if name.startswith("HAIHE_") and not name.startswith("HAIHE_TEST_")]:
        del os.environ[name]
    # What is imported stays; looking through all of it for rubbish, again and again, is time of every test.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    if hasattr(config, "workerinput") or _RUN in os.environ:
        return
    config.pluginmanager.register(proofs.Recorder(config))
    folder = scratch.folder("tests")
    server = ""
    if postgres.available():
        _clusters.append(postgres.Cluster(postgres.FORGETFUL, scratch.folder("postgres")))
        server = _clusters[0].url("")[:-1]
    os.environ[_RUN] = json.dumps({"folder": str(folder), "server": server})
    city.build(_templates())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started."""
    if hasattr(config, "workerinput") or _RUN not in os.environ:
        return
    shutil.rmtree(_templates().folder, ignore_errors=True)
    del os.environ[_RUN]
    for cluster in _clusters:
        cluster.stop()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """No log line of the whole run holds an identity number, a name or a token."""
    if hasattr(session.config, "workerinput") or _RUN not in os.environ:
        return
    from tests.harness.leaks import leaks

    found = leaks(_templates())
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\npersonal data in the logs:", *found[:20], sep="\n  ")  # noqa: T201


def _templates() -> Templates:
    found = json.loads(os.environ[_RUN])
    return Templates(Path(found["folder"]), found["server"])


@pytest.fixture(scope="session")
def templates() -> Templates:
    """The built cities."""
    return _templates()


@pytest.fixture(scope="session", autouse=True)
def _validated_once() -> Iterator[None]:
    """Whether a text is valid depends on the text and the schema alone: no application of a worker asks it again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_valid", lru_cache(maxsize=2048)(documents._valid))
        yield


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """What a statement is for a kind of database depends on no one database: a worker's engines compile it once, as one
    service does in its life. An engine still asks its own database who it is."""
    made, kept = database._engine, dict[str, Engine]()

    def engine(url: str, pool: int) -> AsyncEngine:
        found = made(url, pool)
        one = found.sync_engine
        first = kept.get(one.dialect.name)
        if first is not None and first.dialect.server_version_info is not None:
            one.dialect, one._compiled_cache = first.dialect, first._compiled_cache
        else:
            one._compiled_cache = LRUCache(5_000)
            kept[one.dialect.name] = one
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_engine", engine)
        yield


@pytest.fixture(scope="session", autouse=True)
def _trusted_once() -> Iterator[None]:
    """Whom this machine trusts is read once by a worker, and not by every client that is opened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(default, "create_ssl_context", cache(default.create_ssl_context))
        yield


@pytest.fixture(autouse=True)
def _logged(templates: Templates, request: pytest.FixtureRequest) -> Iterator[None]:
    """Send this test's log lines to a file that is searched when the run ends."""
    name = re.sub(r"\W+", "-", request.node.nodeid)[-80:]
    stream = (templates.folder / f"{name}-{uuid.uuid4().hex[:6]}.log").open("w", encoding="utf-8")
    with stream:
        logs.configure(stream=stream)
        yield
        logs.configure()


def need_postgres(templates: Templates) -> None:
    """Skip without the binaries; in CI a missing service is a failure."""
    if not templates.server:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL's binaries are missing")
        pytest.skip("PostgreSQL's binaries are not on this machine")


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest, templates: Templates) -> str:
    """One behaviour suite, both databases."""
    name: str = request.param
    if name == "postgresql":
        need_postgres(templates)
    return name


@pytest.fixture
async def house(templates: Templates, backend: str) -> AsyncIterator[House]:
    """A copy of the city."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    opened = House(templates.settings(await city.copy(templates, backend, name)))
    yield opened
    await opened.database.close()
    await city.drop(templates, backend, name)


@pytest.fixture
async def own(house: House, tmp_path: Path) -> AsyncIterator[House]:
    """A house with a key file of its own."""
    shutil.copy(house.settings.key_file, tmp_path / "keys.json")
    opened = House(house.settings.model_copy(update={"keys": tmp_path / "keys.json"}))
    yield opened
    await opened.database.close()


@pytest.fixture
async def town(house: House) -> AsyncIterator[Town]:
    """The application over a copy of the city."""
    async with inhabited(house) as found:
        yield found


@pytest.fixture
def redis_server() -> Iterator[redis.RedisServer]:
    """A real Redis."""
    if not redis.available():
        if os.environ.get("CI") == "true":
            pytest.fail("redis-server is missing")
        pytest.skip("redis-server is not on this machine")
    server = redis.RedisServer()
    yield server
    server.stop()
