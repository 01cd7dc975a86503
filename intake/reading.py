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


@dataclass
class Batch:
    """Some rows: what they say, those that cannot be taken, and everything that was found in them."""

    rows: int
    drafts: list[tuple[Row, Draft]] = field(default_factory=list)
    refused: list[tuple[Row, Finding]] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)


async def batches(sheet: Sheet, around: Surroundings, *, size: int) -> AsyncGenerator[Batch, None]:
    """Every batch in the file's order; a thread reads the next one while the database takes the one before.

    To be closed: until then the thread may be reading. Raises `FileRefused` for a file that changed meanwhile.
    """
    made = _batches(sheet, around, size)
    coming = asyncio.ensure_future(asyncio.to_thread(next, made, None))
    try:
        while (batch := await coming) is not None:
            coming = asyncio.ensure_future(asyncio.to_thread(next, made, None))
            yield batch
    finally:
        await asyncio.wait([coming])


def _batches(sheet: Sheet, around: Surroundings, size: int) -> Iterator[Batch]:
    for some in _some(files.rows(sheet), size):
        batch = Batch(len(some))
        for row in some:
            draft = _draft(sheet, row, around, batch.found)
            if draft is None:
                batch.refused.append((row, batch.found[-1]))
            else:
                batch.drafts.append((row, draft))
        yield batch


def _draft(sheet: Sheet, row: Row, around: Surroundings, found: list[Finding]) -> Draft | None:
    if row.fault is not None:
        found.append(row.fault)
        return None
    return read(sheet.layout, row.line, row.values, around, found)


def _some(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    some: list[Row] = []
    length = 0
    for row in rows:
        some.append(row)
        length += sum(map(len, row.cells))
        if len(some) == size or length >= LONGEST:
            yield some
            some, length = [], 0
    if some:
        yield some
