"""The demonstration's bank program: what its file holds is enough to ask for tokens, and only for what a bank may."""

import asyncio
import json
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest

from api.demo import client
from parties import lookup
from tests.harness.callers import Town
from tests.harness.servers import ROOT, Server

_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


async def _token(town: Town, said: dict[str, str]) -> dict[str, str]:
    now = int(time.time())
    claims = {"iss": said["client_id"], "sub": said["client_id"], "aud": said["audience"], "iat": now, "exp": now + 60}
    assertion = jwt.encode(
        {**claims, "jti": uuid.uuid4().hex}, said["private_key"], "ES256", headers={"kid": said["kid"]}
    )
    form = {"grant_type": "client_credentials", "client_assertion_type": _TYPE, "client_assertion": assertion}
    answer = await town.http.post(said["endpoint"], data=form)
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


async def _registered(town: Town) -> Path:
    """The client's file, freshly written."""
    folder = town.house.settings.data / f"client-{uuid.uuid4().hex[:6]}"
    folder.mkdir()
    async with town.house.database.writing() as unit:
        await client.register(unit, folder, await lookup.find(unit, client.PARTY) or "", at=datetime.now(UTC))
    return folder / client.FILE


async def test_the_file_is_enough_and_a_second_program_is_another(town: Town) -> None:
    seen = set()
    for _ in range(2):
        said = json.loads((await _registered(town)).read_text("utf-8"))
        token = await _token(town, said)
        assert token["scope"] == "grant:use"
        bearer = {"Authorization": f"Bearer {token['access_token']}"}
        found = await town.ask(None, "{ recipient { party { name } } }", headers=bearer)
        assert found["data"]["recipient"]["party"]["name"] == "海津示例银行"
        seen.add(said["client_id"])
    assert len(seen) == 2


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_the_integrators_program_proves_its_token_to_a_running_server(town: Town) -> None:
    """docs/dpop.py, without our code, where proofs are required; the server is found where it listens."""
    file, settings = await _registered(town), town.house.settings.model_copy(update={"origin": ""})
    document = "{ recipient { party { name } } }"
    with Server(settings, f"dpop-{uuid.uuid4().hex[:6]}", environment={"HAIHE_REQUIRE_PROOFS": "true"}) as server:
        command = [sys.executable, str(ROOT / "docs" / "dpop.py"), str(file), document, "--url", server.url]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"data": {"recipient": {"party": {"name": "海津示例银行"}}}}
    # A nonce asked for and given, then one proof for the token and one for the query.
    assert await town.count("SELECT count(*) FROM spent_proof") == 2
