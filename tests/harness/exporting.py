"""Copies in tests: asked for, made, fetched and read."""

import hashlib
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import httpx
import orjson

from api.clock import now
from api.exporting import Exporter
from tests.harness.callers import Town

EXPORTS = "{ me { exports { edges { node { id state requestedAt readyAt expiresAt } } } } }"


@dataclass(frozen=True)
class Copy:
    """A copy as it was fetched: its manifest, and each part's entries."""

    manifest: dict[str, Any]
    parts: dict[str, list[dict[str, Any]]]
    text: str

    @classmethod
    def read(cls, data: bytes) -> "Copy":
        """An archive, each of whose files is as its manifest says."""
        archive = zipfile.ZipFile(BytesIO(data))
        assert archive.testzip() is None
        manifest = orjson.loads(archive.read("manifest.json"))
        files = {one["file"]: archive.read(one["file"]) for one in manifest["parts"]}
        assert {*files, "manifest.json"} == set(archive.namelist())
        parts = {}
        for one in manifest["parts"]:
            data, said = files[one["file"]], orjson.loads(files[one["file"]])
            assert hashlib.sha256(data).hexdigest() == one["sha256"]
            assert (said["format"], said["part"]) == ("haihe-export/1", one["file"].removesuffix(".json"))
            assert len(said["entries"]) == one["count"]
            parts[said["part"]] = said["entries"]
        return cls(manifest, parts, "".join(one.decode() for one in files.values()))


async def request(town: Town, persona: str, key: str = "k") -> dict[str, Any]:
    """A request's payload or refusal."""
    selection = "export { id state requestedAt readyAt expiresAt } replayed"
    return await town.act(persona, "exportRequest", {"idempotencyKey": key}, selection)


async def make_all(town: Town) -> None:
    """Make what was asked for, as the duty does."""
    exporter = Exporter(town.house.database, town.house.blobs)
    while await exporter.run_once(now()) == 0.0:
        pass


async def ticket(town: Town, persona: str, export_id: str) -> dict[str, Any]:
    """A ticket's payload or refusal."""
    return await town.act(persona, "exportTicket", {"exportId": export_id}, "path validUntil")


async def fetch(town: Town, persona: str, export_id: str) -> httpx.Response:
    """The archive, by a fresh ticket."""
    return await town.http.get((await ticket(town, persona, export_id))["path"])


async def exported(town: Town, persona: str, key: str = "k") -> Copy:
    """Everything about somebody, asked for, made and fetched."""
    made = await request(town, persona, key)
    assert made["__typename"] == "ExportRequestPayload", made
    await make_all(town)
    answer = await fetch(town, persona, made["export"]["id"])
    assert answer.status_code == 200
    return Copy.read(answer.content)
