"""A process keeps up with the key file, and keeps the rings it has when the file is no good."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api import keeping
from api.keeping import KeyFile
from core import keys
from core.keys import KeyRings, KeysMissing, Purpose

_AT = datetime.now(UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    keys.create(tmp_path / "keys.json")
    return tmp_path / "keys.json"


def _change(path: Path) -> str:
    kid = keys.publish(path, Purpose.DATA, at=_AT).kid
    keys.promote(path, Purpose.DATA, kid, at=_AT)
    return kid


def test_a_changed_file_is_taken_up_once_and_old_values_stay_readable(path: Path) -> None:
    file = KeyFile(path)
    before, sealed = file.rings.active(Purpose.DATA).kid, file.vault.seal("a.b", "1", "甲")
    assert not file.look()
    kid = _change(path)
    assert file.look()
    assert not file.look()
    assert file.rings.active(Purpose.DATA).kid == file.vault.data_kid == kid != before
    assert file.vault.open("a.b", "1", sealed) == "甲"


@pytest.mark.parametrize("content", ["", "{", "[]", None])
def test_a_file_that_is_none_changes_nothing_and_a_good_one_after_it_is_taken_up(
    path: Path, content: str | None
) -> None:
    file, good = KeyFile(path), path.read_text("utf-8")
    kid = file.rings.active(Purpose.DATA).kid
    path.unlink()
    if content is not None:
        path.write_text(content, "utf-8")
    assert not file.look()
    assert file.rings.active(Purpose.DATA).kid == file.vault.data_kid == kid
    path.write_text(good, "utf-8")
    changed = _change(path)
    assert file.look()
    assert file.vault.data_kid == changed


def test_without_a_file_nothing_is_opened(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing):
        KeyFile(tmp_path / "none.json")


async def test_while_followed_every_change_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.01)
    file, told = KeyFile(path), asyncio.Queue[KeyRings]()
    async with file.followed(told.put_nowait), asyncio.timeout(10):
        for _ in range(2):
            kid = _change(path)
            assert (await told.get()).active(Purpose.DATA).kid == kid
    _change(path)
    await asyncio.sleep(0.05)
    assert told.empty()
