"""A sheet's rows in batches, read against everything but the store, one batch ahead of whoever enters them."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field

from intake import files
from intake.drafts import Draft, Surroundings, read
from intake.files import Row, Sheet
from intake.findings import Finding

# In characters: a batch of long rows is of fewer, so that two of them always fit in memory.
LONGEST = 4 << 20
# In characters: after so many, whoever else has something to do comes first. Some forty ordinary rows.
PORTION = 16 << 10
# As much as a row counts that says nothing.
_BLANK = 32


@dataclass
class Batch:
    """Some rows: what they say, those that cannot be taken, and everything that was found in them."""

    rows: int = 0
    drafts: list[tuple[Row, Draft]] = field(default_factory=list)
    refused: list[tuple[Row, Finding]] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)


async def batches(sheet: Sheet, around: Surroundings, *, size: int) -> AsyncGenerator[Batch, None]:
    """Every batch in the file's order; the next one is read while the database takes the one before.

    In portions, and not by a thread: a thread would read while there are rows to enter, and be done when the database
    has them and there is nothing else to do. To be closed. Raises `FileRefused` for a file that changed meanwhile.
    """
    rows = files.lines(sheet)
    coming = asyncio.create_task(_batch(rows, sheet, around, size))
    try:
        while (batch := await coming).rows:
            coming = asyncio.create_task(_batch(rows, sheet, around, size))
            yield batch
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def _batch(rows: Iterator[Row | None], sheet: Sheet, around: Surroundings, size: int) -> Batch:
    """The next batch; an empty one at the end."""
    batch, length, since = Batch(), 0, 0
    for row in rows:
        if row is None:
            since += _BLANK
        else:
            _take(row, batch, sheet, around)
            said = sum(map(len, row.cells))
            length += said
            since += said
            if batch.rows == size or length >= LONGEST:
                break
        if since >= PORTION:
            since = 0
            await asyncio.sleep(0)
    return batch


def _take(row: Row, batch: Batch, sheet: Sheet, around: Surroundings) -> None:
    batch.rows += 1
    draft = _draft(sheet, row, around, batch.found)
    if draft is None:
        batch.refused.append((row, batch.found[-1]))
    else:
        batch.drafts.append((row, draft))


def _draft(sheet: Sheet, row: Row, around: Surroundings, found: list[Finding]) -> Draft | None:
    if row.fault is not None:
        found.append(row.fault)
        return None
    return read(sheet.layout, row.line, row.values, around, found)
