"""The demonstration's bank program: what its file holds is enough to ask for tokens, and only for what a bank may."""

import json
import time
import uuid
from datetime import UTC, datetime

import jwt

from api.demo import client
from parties import lookup
from tests.harness.callers import Town

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


async def test_the_file_is_enough_and_a_second_program_is_another(town: Town) -> None:
    at, folder = datetime.now(UTC), town.house.settings.data / f"client-{uuid.uuid4().hex[:6]}"
    folder.mkdir()
    seen = set()
    for _ in range(2):
        async with town.house.database.writing() as unit:
            await client.register(unit, folder, await lookup.find(unit, client.PARTY) or "", at=at)
        said = json.loads((folder / client.FILE).read_text("utf-8"))
        token = await _token(town, said)
        assert token["scope"] == "grant:use"
        bearer = {"Authorization": f"Bearer {token['access_token']}"}
        found = await town.ask(None, "{ recipient { party { name } } }", headers=bearer)
        assert found["data"]["recipient"]["party"]["name"] == "海津示例银行"
        seen.add(said["client_id"])
    assert len(seen) == 2
