"""POST /uploads and one's own download: typed by content, capped, a subject's own, and good once."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from core import uploads
from tests.harness.callers import Town
from tests.harness.scale import scaled

_PDF = b"%PDF-1.7\n" + b"x" * 1000
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
_JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


async def _bearer(town: Town, persona: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {await town.token(persona)}"}


async def _send(town: Town, content: Any, persona: str = "citizen-1", **headers: str) -> httpx.Response:
    given = {**await _bearer(town, persona), **headers}
    return await town.http.post("/uploads", content=content, headers=given)


async def _ticket(town: Town, id_: str, persona: str = "citizen-1") -> httpx.Response:
    return await town.http.post(f"/uploads/{id_}/tickets", headers=await _bearer(town, persona))


async def _in_parts(text: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [(_PDF, "application/pdf", "pdf"), (_PNG, "image/png", "png"), (_JPEG, "image/jpeg", "jpg")],
)
async def test_what_is_uploaded_is_downloaded_once_by_its_owner(
    town: Town, content: bytes, media_type: str, ending: str
) -> None:
    # Whatever its sender calls it, and however it comes.
    made = await _send(town, _in_parts(content, 3), **{"Content-Type": "text/html"})
    assert made.status_code == 201, made.text
    said = made.json()
    assert (said["mediaType"], said["size"]) == (media_type, len(content))
    path = (await _ticket(town, said["id"])).json()["path"]
    assert (await town.http.head(path)).status_code == 405
    found = await town.http.get(path)
    assert (found.status_code, found.content) == (200, content)
    assert found.headers["content-type"] == media_type
    assert found.headers["content-disposition"] == f'attachment; filename="{said["id"]}.{ending}"'
    assert (found.headers["cache-control"], found.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert (await town.http.get(path)).status_code == 404


async def test_large_ones_come_back_whole(town: Town) -> None:
    content = _PDF + os.urandom(3_000_000)
    id_ = (await _send(town, _in_parts(content, 65_536))).json()["id"]
    assert (await town.http.get((await _ticket(town, id_)).json()["path"])).content == content


async def test_anothers_upload_is_as_absent_as_a_made_up_one(town: Town) -> None:
    id_ = (await _send(town, _PDF)).json()["id"]
    answers = [await _ticket(town, id_, "citizen-2"), await _ticket(town, "blb_" + "0" * 20)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert answers[0].json()["errors"][0]["extensions"]["code"] == "NOT_AVAILABLE"
    assert await town.count("SELECT count(*) FROM blob_ticket") == 0
    assert (await town.http.get("/blobs/made-up")).status_code == 404


async def test_what_is_not_taken_leaves_nothing(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A folder of its own: tests beside this one write into the run's.
    monkeypatch.setattr(town.house.blobs, "_folder", tmp_path)
    monkeypatch.setattr(uploads, "LARGEST", 2000)
    cases = [
        (await _send(town, b""), 422, "INVALID_INPUT"),
        (await _send(town, b"<html>" * 10), 422, "INVALID_INPUT"),
        (await _send(town, b"%PD"), 422, "INVALID_INPUT"),
        (await _send(town, _PDF * 3), 413, "BODY_TOO_LARGE"),
        (await _send(town, _in_parts(_PDF * 3, 500)), 422, "INVALID_INPUT"),
        (await town.http.post("/uploads", content=_PDF), 401, "UNAUTHENTICATED"),
        (await town.http.post("/uploads", content=_PDF, headers={"Authorization": "Bearer x"}), 401, "UNAUTHENTICATED"),
        (await _send(town, _PDF, "bank-1"), 403, "FORBIDDEN"),
        (await town.http.post("/uploads/blb_x/tickets"), 401, "UNAUTHENTICATED"),
    ]
    for answer, status, code in cases:
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code), answer.text
    assert (await town.http.get("/uploads")).status_code == 405
    assert await town.count("SELECT count(*) FROM upload") == await town.count("SELECT count(*) FROM blob") == 0
    assert list(tmp_path.glob("??/*")) == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_many_at_once_no_more_wait_than_may_and_a_ticket_is_good_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 5)
    answers = await asyncio.gather(*(_send(town, _PDF) for _ in range(scaled(12, 40))))
    assert sum(answer.status_code == 201 for answer in answers) == 5
    assert {answer.status_code for answer in answers} == {201, 429}
    id_ = next(answer.json()["id"] for answer in answers if answer.status_code == 201)
    path = (await _ticket(town, id_)).json()["path"]
    downloads = await asyncio.gather(*(town.http.get(path) for _ in range(12)))
    assert sorted(answer.status_code for answer in downloads) == [200] + [404] * 11


async def test_what_nobody_has_named_for_a_day_goes(town: Town) -> None:
    id_ = (await _send(town, _PDF)).json()["id"]
    path = (await _ticket(town, id_)).json()["path"]
    now = datetime.now(UTC)
    for at, swept in ((now + timedelta(hours=23), 0), (now + uploads.WAITS + timedelta(minutes=1), 1)):
        async with town.house.database.writing() as unit:
            assert await uploads.sweep(unit, town.house.blobs, at=at) == swept
    assert await town.count("SELECT count(*) FROM upload") == await town.count("SELECT count(*) FROM blob") == 0
    assert (await town.http.get(path)).status_code == 404
    assert (await _ticket(town, id_)).status_code == 404


async def test_whoever_guesses_tickets_is_slowed_down_and_writes_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.limits import Limits

    def full(*_: object, **__: object) -> float:
        return 1.0

    id_ = (await _send(town, _PDF)).json()["id"]
    path = (await _ticket(town, id_)).json()["path"]
    with monkeypatch.context() as patch:
        patch.setattr(Limits, "spend", full)
        assert (await town.http.get(path)).status_code == 429
    with monkeypatch.context() as patch:
        patch.setattr(type(town.house.database), "writing", None)  # a made-up one never gets as far
        assert (await town.http.get("/blobs/made-up")).status_code == 404
    assert (await town.http.get(path)).content == _PDF
