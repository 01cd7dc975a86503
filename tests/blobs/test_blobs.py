"""Blobs: what goes in comes out or nothing does; no row without its file, whatever is killed; tickets are good once."""

import asyncio
import hashlib
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from api.house import House
from core import blobs
from core.blobs import Blob, Blobs, blob
from core.errors import DependencyDown, Invalid, NotAvailable
from core.vault import Tampered
from tests.harness.scale import scaled
from tests.harness.servers import ROOT

_AT = datetime.now(UTC)
_FRAME = blobs._FRAME


async def _parts(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@pytest.fixture
def store(house: House, tmp_path: Path) -> Blobs:
    return Blobs(house.database, tmp_path / "blobs")


def _files(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "blobs").glob("??/*"))


async def _keep(house: House, store: Blobs, *parts: bytes) -> Blob:
    draft = await store.write(_parts(*parts), at=_AT)
    async with house.database.writing() as unit:
        return await store.keep(unit, draft, media_type="application/pdf", at=_AT)


async def _read(store: Blobs, id_: str) -> bytes:
    return b"".join([part async for part in store.read(id_)])


@pytest.mark.parametrize("size", [0, 1, _FRAME - 1, _FRAME, _FRAME + 1, 2 * _FRAME, 3 * _FRAME + 7])
async def test_what_goes_in_comes_out(house: House, store: Blobs, tmp_path: Path, size: int) -> None:
    text = os.urandom(size)
    kept = await _keep(house, store, text[: size // 3], b"", text[size // 3 :])
    assert (kept.size, kept.sha256) == (size, hashlib.sha256(text).hexdigest())
    assert await _read(store, kept.id) == text
    (file,) = _files(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert size < 16 or text[:16] not in file.read_bytes()
    async with house.database.reading() as unit:
        assert await store.find(unit, kept.id) == kept


_HARMS = {
    "cut at a frame": lambda raw: raw[: _FRAME + 16],
    "cut inside a frame": lambda raw: raw[:-1],
    "emptied": lambda raw: b"",
    "frames swapped": lambda raw: raw[_FRAME + 16 : 2 * (_FRAME + 16)] + raw[: _FRAME + 16] + raw[2 * (_FRAME + 16) :],
    "a frame repeated": lambda raw: raw[: _FRAME + 16] + raw,
    "more behind it": lambda raw: raw + b"x" * 40,
    "one bit": lambda raw: raw[:-5] + bytes([raw[-5] ^ 1]) + raw[-4:],
}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("harm", _HARMS)
async def test_a_harmed_file_is_never_read_to_its_end(house: House, store: Blobs, tmp_path: Path, harm: str) -> None:
    kept = await _keep(house, store, os.urandom(2 * _FRAME + 100))
    (file,) = _files(tmp_path)
    file.write_bytes(_HARMS[harm](file.read_bytes()))
    with pytest.raises(Tampered):
        await _read(store, kept.id)


async def test_a_file_in_anothers_place_does_not_open(house: House, store: Blobs, tmp_path: Path) -> None:
    one, two = await _keep(house, store, b"one"), await _keep(house, store, b"two")
    files = {file.name: file for file in _files(tmp_path)}
    files[one.id].write_bytes(files[two.id].read_bytes())
    with pytest.raises(Tampered):
        await _read(store, one.id)
    files[two.id].unlink()
    with pytest.raises(Tampered):
        await _read(store, two.id)
    with pytest.raises(NotAvailable):
        await _read(store, "blb_nothing")


async def test_too_much_or_broken_off_leaves_no_file(store: Blobs, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * (2 * _FRAME)
        raise ConnectionResetError

    with pytest.raises(Invalid) as caught:
        await store.write(_parts(b"x" * 60, b"x" * 41), at=_AT, most=100)
    assert caught.value.details[0].code == "FILE_TOO_LARGE"
    with pytest.raises(ConnectionResetError):
        await store.write(broken(), at=_AT)
    assert _files(tmp_path) == []
    await store.write(_parts(b"x" * 100), at=_AT, most=100)


async def test_a_disk_that_cannot_take_it_is_a_dependency_that_is_down(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(DependencyDown):
        await Blobs(house.database, tmp_path / "file").write(_parts(b"x"), at=_AT)


async def test_the_sweep_takes_old_orphans_only(house: House, store: Blobs, tmp_path: Path) -> None:
    kept = await _keep(house, store, b"kept")
    draft = await store.write(_parts(b"draft"), at=_AT)
    assert await store.sweep(at=_AT) == 0
    assert await store.sweep(at=_AT + timedelta(days=8)) == 1
    assert [file.name for file in _files(tmp_path)] == [kept.id]
    async with house.database.writing() as unit:
        with pytest.raises(Invalid):
            await store.keep(unit, draft, media_type="x/y", at=_AT + timedelta(minutes=30))
        await store.remove(unit, kept.id)
    async with house.database.writing() as unit:
        with pytest.raises(NotAvailable):
            await store.remove(unit, kept.id)
    assert await store.sweep(at=_AT + timedelta(days=8)) == 1
    assert _files(tmp_path) == []


async def test_a_ticket_is_good_once_and_for_two_minutes(house: House, store: Blobs) -> None:
    kept = await _keep(house, store, b"text")

    async def ticket() -> str:
        async with house.database.writing() as unit:
            return await store.ticket(unit, kept.id, at=_AT)

    async def spend(text: str, at: datetime) -> Blob | None:
        async with house.database.writing() as unit:
            try:
                return await store.spend(unit, text, at=at)
            except NotAvailable:
                return None

    one = await ticket()
    spent = await asyncio.gather(*(spend(one, _AT) for _ in range(8)))
    assert sorted(spent, key=repr) == [kept, *[None] * 7]
    late = await ticket()
    assert await spend(late, _AT + blobs.TICKET_LIFE) is None
    assert await spend(late + "x", _AT) is None
    assert await spend("\ud800", _AT) is None
    assert await spend(late, _AT + blobs.TICKET_LIFE - timedelta(seconds=1)) == kept


@given(st.binary(max_size=300), st.integers(1, 50))
def test_frames_join_to_what_was_cut(text: bytes, cut: int) -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    box = AESGCM(b"k" * 32)
    parts = [text[start : start + cut] for start in range(0, len(text), cut)] or [b""]
    sealed = [blobs._sealed(box, part, "b", n, last=n == len(parts) - 1) for n, part in enumerate(parts)]
    opened = [blobs._opened(box, part, "b", n, last=n == len(parts) - 1) for n, part in enumerate(sealed)]
    assert b"".join(opened) == text


async def test_memory_stays_flat(house: House, store: Blobs) -> None:
    size = scaled(48, 1024) * 1024 * 1024

    async def much() -> AsyncIterator[bytes]:
        part = os.urandom(64 * 1024)
        for _ in range(size // len(part)):
            yield part

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    draft = await store.write(much(), at=_AT, most=size)
    async with house.database.writing() as unit:
        kept = await store.keep(unit, draft, media_type="x/y", at=_AT)
    digest = hashlib.sha256()
    async for part in store.read(kept.id):
        digest.update(part)
    assert digest.hexdigest() == kept.sha256
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 16 * 1024 * 1024


_WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from core import keys
from core.blobs import Blobs
from core.database import Database
from core.vault import Vault

async def main(url, key_file, folder):
    database = Database(url, Vault(keys.load(Path(key_file))))
    store = Blobs(database, Path(folder))
    async def parts():
        for _ in range(8):
            yield b"x" * 100_000
    while True:
        draft = await store.write(parts(), at=datetime.now(UTC))
        async with database.writing() as unit:
            kept = await store.keep(unit, draft, media_type="x/y", at=datetime.now(UTC))
        print(kept.id, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


def _write_until_killed(house: House, folder: Path, enough: int) -> list[str]:
    """A process that writes blobs, killed after some; the ids it said were kept."""
    settings, said = house.settings, list[str]()
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, settings.database_url, str(settings.key_file), str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process, process.stdout as lines:
        for line in lines:
            said.append(line.strip())
            if len(said) == enough:
                process.kill()
    return said


async def test_kill_9_leaves_no_row_without_its_file(house: House, store: Blobs, tmp_path: Path) -> None:
    said = list[str]()
    for round_ in range(scaled(2, 20)):
        said += await asyncio.to_thread(_write_until_killed, house, tmp_path / "blobs", 3 + round_)
    async with house.database.reading() as unit:
        rows = {row.id for row in await unit.all(select(blob.c.id))}
    assert set(said) <= rows
    for id_ in rows:
        assert len(await _read(store, id_)) == 800_000
    await store.sweep(at=datetime.now(UTC) + timedelta(days=8))
    assert {file.name for file in _files(tmp_path)} == rows
