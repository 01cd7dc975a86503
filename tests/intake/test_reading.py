"""Batches: every row once and in order, a bounded number of them, and fewer where they are long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from intake import files, reading
from intake.drafts import read
from intake.layouts import Layout, LayoutName
from intake.reading import Batch, Reader
from intake.repeats import Repeats
from tests.harness.intake_rows import LAYOUT, filled, surroundings, vault
from tests.harness.provider_files import write

_HONOUR = LAYOUT[LayoutName.HONOUR]


@asynccontextmanager
async def _coming(path: Path, size: int) -> AsyncIterator[AsyncIterator[Batch]]:
    with closing(Repeats()) as repeats:
        by = Reader(files.inspect(path), surroundings(), repeats, vault())
        async with aclosing(reading.batches(by, size=size)) as coming:
            yield coming


async def _batches(path: Path, size: int) -> list[Batch]:
    async with _coming(path, size) as coming:
        return [batch async for batch in coming]


async def test_every_row_once_in_its_place(tmp_path: Path) -> None:
    rows = [filled(LayoutName.HONOUR, 荣誉文书号=f"{n}号", 授予日期="" if n % 3 else "2025/12/05") for n in range(10)]
    found = await _batches(write(tmp_path / "a.csv", _HONOUR, rows), 4)
    assert [batch.rows for batch in found] == [4, 4, 2]
    assert [row.line for batch in found for part in batch.parts for row, _ in part] == [2, 5, 8, 11]
    assert [row.line for batch in found for row, _ in batch.refused] == [3, 4, 6, 7, 9, 10]
    assert all(finding.code == "MISSING" for batch in found for _, finding in batch.refused)


async def test_long_rows_come_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 10_000)
    rows = [filled(LayoutName.HONOUR, 授予事由="长" * 4_000) for _ in range(7)]
    found = await _batches(write(tmp_path / "a.csv", _HONOUR, rows), 2_000)
    assert [batch.rows for batch in found] == [3, 3, 1]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
async def test_lines_that_say_nothing_do_not_keep_others_waiting(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "a.csv", _HONOUR, [filled(LayoutName.HONOUR)])
    if form == "jsonl":
        path.write_bytes(orjson.dumps(filled(LayoutName.HONOUR)) + b"\n")
    with path.open("ab") as file:
        file.write(b"\n" * 20_000)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    found = await _batches(path, 10)
    waiting.cancel()
    assert [batch.rows for batch in found] == [1]
    assert turns > 30


async def test_whoever_leaves_early_leaves_nothing_running(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", _HONOUR, [filled(LayoutName.HONOUR)] * 10)
    async with _coming(path, 2) as coming:
        assert (await anext(coming)).rows == 2
    with pytest.raises(StopAsyncIteration):
        await anext(coming)


async def test_the_next_batch_is_read_a_portion_at_a_time_while_somebody_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[int] = []

    def noted(layout: Layout, line: int, *rest: Any) -> Any:
        lines.append(line)
        return read(layout, line, *rest)

    monkeypatch.setattr(reading, "read", noted)
    monkeypatch.setattr(reading, "PORTION", 1)
    path = write(tmp_path / "a.csv", _HONOUR, [filled(LayoutName.HONOUR)] * 6)
    async with _coming(path, 3) as coming:
        await anext(coming)
        for more in (4, 5, 6):  # as long as there is something to enter nothing is read, and then one row a turn
            assert len(lines) == more - 1
            await asyncio.sleep(0)
            assert len(lines) == more
