"""Evidence by its content: what lies about its type, is empty, too large or badly named never gets into a case."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core import uploads
from tests.harness import contesting
from tests.harness.callers import Town
from tests.harness.contesting import PERSON, file

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_LIES = {
    "an archive": b"PK\x03\x04 zip",
    "another archive": b"\x1f\x8b\x08 gzip",
    "a program": b"MZ\x90\x00 exe",
    "a page": b"<html><script>alert(1)</script>",
    "a picture of lines": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "nothing": b"",
    "a beginning": b"%PD",
}


async def _send(town: Town, content: bytes | AsyncIterator[bytes], persona: str = PERSON, **headers: str) -> int:
    given = {"Authorization": f"Bearer {await town.token(persona)}", **headers}
    return (await town.http.post("/uploads", content=content, headers=given)).status_code


async def test_what_is_no_picture_and_no_pdf_is_refused_whatever_it_is_called(town: Town) -> None:
    for name, content in _LIES.items():
        for type_ in ("application/pdf", "image/png"):
            named = {"Content-Type": type_, "Content-Disposition": 'attachment; filename="../../etc/passwd"'}
            assert await _send(town, content, **named) == 422, name
    assert await town.count("SELECT count(*) FROM upload") == 0
    assert await town.count("SELECT count(*) FROM blob") == 0


async def test_a_file_that_never_ends_is_cut_off_and_leaves_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As 200 MB would be: a declared length is refused before a byte is read, an undeclared one at the limit."""
    given = {"Authorization": f"Bearer {await town.token(PERSON)}", "Content-Length": str(200 * 1024 * 1024)}
    answer = await town.http.post("/uploads", content=b"%PDF-", headers=given)
    assert answer.json()["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"
    monkeypatch.setattr(uploads, "LARGEST", 100_000)

    async def endless() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7"
        for _ in range(1000):
            yield b"x" * 10_000
            await asyncio.sleep(0)

    assert await _send(town, endless()) in (413, 422)
    assert await town.count("SELECT count(*) FROM blob") == 0


async def test_a_name_is_never_used_and_it_goes_out_as_what_it_is(town: Town) -> None:
    """A PDF that says it is a page is stored under an id, and downloaded as a PDF."""
    headers = {"Content-Type": "text/html", "X-Filename": "..\\..\\x.html"}
    given = {"Authorization": f"Bearer {await town.token(PERSON)}", **headers}
    id_ = (await town.http.post("/uploads", content=b"%PDF-1.7 <script>", headers=given)).json()["id"]
    made = (await file(town, evidenceIds=[id_]))["objection"]
    got = await town.act(PERSON, "evidenceTicket", {"objectionId": made["id"], "evidenceId": id_}, "path")
    download = await town.http.get(got["path"])
    assert download.headers["content-type"] == "application/pdf"
    assert download.headers["content-disposition"] == f'attachment; filename="{id_}.pdf"'
    assert download.headers["x-content-type-options"] == "nosniff"


async def test_a_clerk_a_provider_and_a_handler_bring_papers_and_nobody_names_anothers(town: Town) -> None:
    for persona in ("clerk-1", "handler-1", "provider-1"):
        assert await _send(town, b"%PDF-1.7", persona) == 201
        assert await _send(town, b"PK\x03\x04", persona) == 422, "papers, and no sheets"
    assert await _send(town, b"%PDF-1.7", "agency-1") == 422, "a state organ brings sheets"
    assert await _send(town, b"%PDF-1.7", "till-1") == 403
    theirs = await contesting.upload(town, "clerk-1")
    assert (await file(town, evidenceIds=[theirs]))["code"] == "INVALID_INPUT"
    assert await town.count("SELECT count(*) FROM objection_evidence") == 0
