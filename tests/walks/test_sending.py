"""A provider's file through a real running server: cut off, gone on with, checked, loaded, corrected and sent again."""

import asyncio
import socket
import time

import httpx
import pytest

from tests.harness import sending
from tests.harness.callers import Town
from tests.harness.provider_files import penalty
from tests.harness.scale import FULL
from tests.harness.servers import Server

# Rows too long for their column, and so many that the file does not fit into what a connection buffers.
_LONG, _MANY = "x" * 60_000, 30


def _cut_off(server: Server, headers: dict[str, str], body: bytes) -> None:
    """A sender who says that more will come, and hangs up."""
    head = f"POST {sending.PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body) * 2}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head.encode() + b"\r\n" + body)


async def _put_down(client: httpx.AsyncClient, path: str) -> int:
    """How much of what was cut off is on disk, once it is. The server has read all but what stood in its buffers."""
    until = time.monotonic() + 20
    while (found := await client.head(path)).headers["upload-offset"] == "0" and time.monotonic() < until:
        await asyncio.sleep(0.05)
    return int(found.headers["upload-offset"])


@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_the_whole_walk(town: Town, backend: str) -> None:
    bad = penalty("海津罚〔2026〕丙号", 公示截止期="明年")
    long = penalty("海津罚〔2026〕丁号", 违法事实=_LONG)
    file = sending.sheet([penalty("海津罚〔2026〕甲号"), penalty("海津罚〔2026〕乙号"), bad, *[long] * _MANY])
    half = len(file) // 2
    headers = await sending.bearer(town)
    with Server(town.house.settings, f"sending-{backend}") as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=60, headers=headers) as client:
            checked = (await client.post(f"{sending.PATH}?check=true", content=file)).json()
            assert (checked["state"], checked["added"], checked["rejected"]) == ("DONE", 2, 1 + _MANY)
            await asyncio.to_thread(_cut_off, server, headers | {"Idempotency-Key": "k"}, file[:half])
            async with asyncio.timeout(20):  # until it has been read as far as its head
                while await town.count("SELECT count(*) FROM sent_batch WHERE state = 'ARRIVING'") == 0:
                    await asyncio.sleep(0.01)
            await asyncio.to_thread(_cut_off, server, headers, file[:half])  # nobody can go on with this one
            path = (await _opened(client, file)).headers["location"]
            offset = await _put_down(client, path)
            assert 0 < offset <= half
            partial = sending.PARTIAL | {"Upload-Offset": str(offset), "Upload-Complete": "?1", "Prefer": "wait=30"}
            done = await client.patch(path, content=file[offset:], headers=partial)
            told = done.json()
            assert (done.status_code, told["state"], told["added"], told["rejected"]) == (200, "DONE", 2, 1 + _MANY)
            rejected = (await client.get(told["rejectedRows"])).content.decode("utf-8-sig")
            assert "“公示截止期”不是有效日期" in rejected
            fixed = rejected.replace("明年", "2027/01/05").replace(_LONG, "短")
            again = await client.post(sending.PATH, content=fixed.encode(), headers={"Prefer": "wait=30"})
            assert (again.json()["added"], again.json()["unchanged"], again.json()["rejected"]) == (2, _MANY - 1, 0)
            same = await client.post(sending.PATH, content=file)
            assert (same.status_code, same.json()["id"]) == (200, told["id"])
            await _none_arrives(town)


async def _opened(client: httpx.AsyncClient, file: bytes) -> httpx.Response:
    """What a second try with the same key is told: go on there."""
    found = await client.post(sending.PATH, content=file, headers={"Idempotency-Key": "k"})
    assert (found.status_code, found.headers["upload-complete"]) == (202, "?0")
    return found


async def _none_arrives(town: Town) -> None:
    """What was cut off and had no key has gone."""
    until = time.monotonic() + 20
    while await town.count("SELECT count(*) FROM sent_batch WHERE state = 'ARRIVING'") and time.monotonic() < until:
        await asyncio.sleep(0.05)
    assert await town.count("SELECT count(*) FROM sent_batch WHERE state = 'ARRIVING'") == 0
