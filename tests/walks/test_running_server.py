"""The README's command as a newcomer runs it: a real server, a real HTTP client, the three commands it prints."""

import asyncio
import os
import re
import subprocess
import uuid
from collections.abc import Iterator

import httpx
import pytest

from tests.harness import city
from tests.harness.city import Templates
from tests.harness.servers import ROOT, Server


@pytest.fixture
def served(templates: Templates, backend: str, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A served copy of the city."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    settings = templates.settings(asyncio.run(city.copy(templates, backend, name)))
    fresh = "fresh" in request.keywords
    with Server(settings, f"served-{name}", arguments=("serve", "--demonstration"), fresh=fresh) as server:
        yield server
    asyncio.run(city.drop(templates, backend, name))


def _commands(text: str) -> list[str]:
    """The paragraph behind each numbered line."""
    return [part.split("\n", 1)[1] for part in re.split(r"\n\n", text) if re.match(r"[123]\. ", part)]


def _paste(command: str) -> str:
    """Run a command as if pasted into a shell at the project's root."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HAIHE_")}
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=environment, check=True, capture_output=True, timeout=60)
    return done.stdout.decode()


@pytest.mark.fresh
def test_the_three_commands_it_prints_are_the_three_walks(served: Server) -> None:
    one, two, three = _commands(served.output.read_text("utf-8"))
    assert '"name":"林海生"' in _paste(one)
    trail = _paste(one)
    assert "您通过手机应用查看了自己的信息" in trail
    granted = _paste(two)
    assert '"granted":{"grant":{"status":"ACTIVE"' in granted
    assert "错" not in granted
    assert "海津示例银行依据您的授权" in _paste(one)
    redeemed = _paste(three).splitlines()
    assert '"replayed":false,"redemption"' in redeemed[2]
    assert redeemed[3].split("redemption")[1] == redeemed[2].split("redemption")[1]
    assert '"replayed":true' in redeemed[3]


def test_over_http_the_door_is_as_narrow(served: Server) -> None:
    with httpx.Client(base_url=served.url, timeout=10) as client:
        assert client.get("/livez").json() == {"state": "alive"}
        assert client.get("/readyz").json() == {"state": "ready"}
        assert client.get("/.well-known/jwks.json").json()["keys"][0]["alg"] == "ES256"
        assert "citizen-1" in client.get("/sign-in").text
        assert "eyJ" in client.post("/sign-in", data={"persona": "bank-1"}).text
        assert client.post("/sign-in", data={"persona": "nobody"}).status_code == 404
        assert client.post("/graphql", content=b" " * 70_000).status_code == 413
        long = client.post("/graphql", json={"query": "{ __typename }"}, headers={"X-Long": "x" * 17_000})
        assert long.status_code in (401, 431)
        token = client.post("/graphql", json={"query": "{ __typename }"}, headers={"Authorization": "x" * 17_000})
        assert token.status_code in (401, 431)
        assert "server" not in client.get("/livez").headers
