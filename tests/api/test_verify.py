"""`haihe verify` over a served log, and what it says of files that are none; a log's name does not change."""

import json
import uuid
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from api.__main__ import main
from api.house import House
from api.settings import NotConfigured
from tests.harness.callers import Town
from tests.harness.postgres import wait_until
from tests.harness.sealing import seal
from tests.harness.servers import Server

_HISTORY = "{ me { accessHistory(includeOwn: true) { edges { node { receipt { data salt link linkSalt proof } } } } } }"


def _verify(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["verify", "--keys", str(folder / "keys"), *arguments])


def _save(client: httpx.Client, path: str, file: Path) -> None:
    file.write_text(client.get(path).text, "utf-8")


async def test_a_running_server_seals_by_itself_and_its_log_is_checked_over_http(town: Town, tmp_path: Path) -> None:
    name = f"sealing-{uuid.uuid4().hex[:6]}"
    with Server(town.house.settings, name) as server, httpx.Client(base_url=server.url, timeout=10) as client:
        headers = {"Authorization": f"Bearer {await town.token('citizen-1')}"}

        def sealed() -> bool:
            answer = client.post("/graphql", json={"query": _HISTORY}, headers=headers)
            (tmp_path / "mine.json").write_text(answer.text, "utf-8")
            edges = answer.json()["data"]["me"]["accessHistory"]["edges"]
            return sum(edge["node"]["receipt"] is not None for edge in edges) >= 2

        wait_until(sealed)
        _save(client, "/log/keys", tmp_path / "keys")
        _save(client, "/log/checkpoint", tmp_path / "kept")
        files = [str(tmp_path / "mine.json"), "--kept", str(tmp_path / "kept")]
        held = _verify(tmp_path, *files, "--log", f"{server.url}/log")
        assert held.exit_code == 0, held.output
        assert "goes on from" in held.output
        assert _verify(tmp_path, *files).exit_code == 1  # a kept checkpoint wants a log
    gone = _verify(tmp_path, *files, "--log", f"{server.url}/log")
    assert (gone.exit_code, "does not answer" in gone.output) == (1, True)


def test_files_that_are_none_are_said_in_one_line(tmp_path: Path) -> None:
    key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n"
    (tmp_path / "keys").write_text(key, "utf-8")
    cases = {
        "{": "is not JSON",
        "{}": "no receipt",
        '{"proof": 1}': "not a receipt",
        json.dumps({"proof": "x", "data": "x", "salt": "x"}): "not a proof",
        json.dumps({"proof": "x", "data": "x", "salt": "x", "more": "x"}): "not a receipt",
    }
    for text, said in cases.items():
        (tmp_path / "file").write_text(text, "utf-8")
        refused = _verify(tmp_path, str(tmp_path / "file"))
        assert (refused.exit_code, said in refused.output) == (1, True), refused.output
    for text in ("x", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"):
        (tmp_path / "keys").write_text(text, "utf-8")
        refused = _verify(tmp_path, str(tmp_path / "file"))
        assert (refused.exit_code, refused.output.count("\n")) == (1, 1), refused.output


async def test_a_service_that_names_another_log_does_not_start(town: Town) -> None:
    await town.house.kind()
    await seal(town.house)
    await town.house.kind()
    other = House(town.house.settings.model_copy(update={"log_origin": "other.example/log"}))
    with pytest.raises(NotConfigured, match="HAIHE_LOG_ORIGIN is not haihe"):
        await other.kind()
    await other.database.close()
