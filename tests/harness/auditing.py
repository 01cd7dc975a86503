"""Exports for 合规审计 in tests: asked for, made, let leave, fetched; and the auditor's own program."""

import importlib.util
import io
import sys
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import httpx

from api.auditing import Auditing
from api.clock import now
from core.moments import day_of
from tests.harness.callers import Town
from tests.harness.sealing import keys_of, seal
from tests.harness.stranger import DOCS

FIELDS = """id number since until channel purpose requestedAt readyAt expiresAt state release firstPosition lastPosition
  looks sha256"""
LIST = f"{{ auditing {{ exports {{ edges {{ node {{ {FIELDS} }} }} }} }} }}"
_RELEASES = "{ approvals { releases { edges { node { id kind about count sha256 recipient holds } } } } }"


def auditor() -> ModuleType:
    """`docs/verify_audit.py`, beside which its other files are found."""
    sys.path.insert(0, str(DOCS))
    try:
        spec = importlib.util.spec_from_file_location("verify_audit", DOCS / "verify_audit.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


def days(since: int = 700, until: int = 1) -> dict[str, str]:
    """From so many days ago to so many."""
    today = day_of(datetime.now(UTC))
    return {name: (today - timedelta(days=ago)).isoformat() for name, ago in (("since", since), ("until", until))}


async def request(town: Town, by: str = "auditor-1", key: str = "k", **asked: Any) -> dict[str, Any]:
    """A request's payload or refusal."""
    input_ = {**days(), **asked, "idempotencyKey": key}
    return await town.act(by, "complianceExportRequest", input_, f"export {{ {FIELDS} }} replayed")


async def make_all(town: Town) -> None:
    """Make what was asked for, as the duty does."""
    duty = Auditing(town.house.database, town.house.blobs, town.house.rings)
    while await duty.run_once(now()) == 0.0:
        pass


async def listed(town: Town, by: str = "auditor-1") -> list[dict[str, Any]]:
    """The auditor's list."""
    return [edge["node"] for edge in (await town.data(by, LIST))["auditing"]["exports"]["edges"]]


async def waiting(town: Town) -> list[dict[str, Any]]:
    """What 保密审查 has to read."""
    return [edge["node"] for edge in (await town.data("approver-1", _RELEASES))["approvals"]["releases"]["edges"]]


async def let_leave(town: Town, by: str = "approver-1", *, leaves: bool = True) -> dict[str, Any]:
    """The reader's word on the first that waits."""
    said = {"releaseId": (await waiting(town))[0]["id"], "leaves": leaves, "reason": None if leaves else "范围过大"}
    return await town.act(by, "releaseDecide", said, "release { outcome } replayed")


async def ticket(town: Town, export_id: str, by: str = "auditor-1") -> dict[str, Any]:
    """A ticket's payload or refusal."""
    return await town.act(by, "complianceExportTicket", {"exportId": export_id}, "path validUntil")


async def fetched(town: Town, key: str = "k", **asked: Any) -> bytes:
    """The archive of what was asked for, sealed, made, let leave and fetched."""
    await seal(town.house)
    made = await request(town, key=key, **asked)
    assert made["__typename"] == "ComplianceExportRequestPayload", made
    await make_all(town)
    assert (await let_leave(town))["release"]["outcome"] == "RELEASED"
    answer: httpx.Response = await town.http.get((await ticket(town, made["export"]["id"]))["path"])
    assert answer.status_code == 200
    return answer.content


def unpacked(data: bytes) -> dict[str, bytes]:
    """An archive's files."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


def keys(town: Town) -> list[str]:
    """The log's keys, as they are published."""
    return [str(key) for key in keys_of(town.house)]


def checked(data: bytes, known: list[str], heads: list[str], log: str | None = None) -> dict[str, Any]:
    """What the auditor's program says of an archive; raises `ValueError` where it does not hold."""
    program = auditor()
    opened = [program.checkpoint(head, known) for head in heads]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found: dict[str, Any] = program.check(archive, known, opened, log)
    return found
