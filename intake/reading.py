"""A sheet's rows in batches, read against everything but the store, one batch ahead of whoever enters them."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field

from core.vault import Ahead, Vault
from intake import files
from intake.drafts import Draft, Surroundings, read
from intake.files import Row, Sheet
from intake.findings import Finding
from intake.repeats import Key, Repeats, key_of

# In characters: a batch of long rows is of fewer, so that two of them always fit in memory.
LONGEST = 4 << 20
# In characters: after so many, whoever else has something to do comes first. Some fifteen ordinary rows.
PORTION = 6 << 10
# As much as a row counts that says nothing.
_BLANK = 32


@dataclass
class Batch:
    """Some rows: what they say, in parts in which no key stands twice, those that cannot be taken, and everything that
    was found in them. `ahead` has the hashes by which they are looked up."""

    ahead: Ahead
    rows: int = 0
    parts: list[list[tuple[Row, Draft]]] = field(default_factory=list)
    refused: list[tuple[Row, Finding]] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    _keys: set[Key] = field(default_factory=set)

    def add(self, row: Row, draft: Draft, repeats: Repeats) -> None:
        """Take a row in. It begins another part where it repeats a key of the last: it must find the earlier one."""
        key = key_of(draft)
        if repeats.has(draft, key):
            self.found.append(Finding(row.line, "", "REPEATED_IN_FILE", ""))
        if not self.parts or key in self._keys:
            self.parts.append([])
            self._keys.clear()
        self.parts[-1].append((row, draft))
        self._keys.add(key)
        self.ahead.make(draft.identity.type.value, draft.identity.number)
        self.ahead.make("name", draft.name)


@dataclass(frozen=True)
class Reader:
    """What the rows of one file are read with."""

    sheet: Sheet
    around: Surroundings
    repeats: Repeats
    vault: Vault


async def batches(by: Reader, *, size: int) -> AsyncGenerator[Batch, None]:
    """Every batch in the file's order; the next one is read while the database takes the one before.

    In portions, and not by a thread: a thread would read while there are rows to enter, and be done when the database
    has them and there is nothing else to do. To be closed. Raises `FileRefused` for a file that changed meanwhile.
    """
    rows = files.lines(by.sheet)
    coming = asyncio.create_task(_batch(rows, by, size))
    try:
        while (batch := await coming).rows:
            coming = asyncio.create_task(_batch(rows, by, size))
            yield batch
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def _batch(rows: Iterator[Row | None], by: Reader, size: int) -> Batch:
    """The next batch; an empty one at the end."""
    batch, length, since = Batch(Ahead(by.vault)), 0, 0
    for row in rows:
        if row is None:
            since += _BLANK
        else:
            _take(row, batch, by)
            said = sum(map(len, row.cells))
            length += said
            since += said
            if batch.rows == size or length >= LONGEST:
                break
        if since >= PORTION:
            since = 0
            await asyncio.sleep(0)
    return batch


def _take(row: Row, batch: Batch, by: Reader) -> None:
    batch.rows += 1
    draft = _draft(by, row, batch.found)
    if draft is None:
        batch.refused.append((row, batch.found[-1]))
    else:
        batch.add(row, draft, by.repeats)


def _draft(by: Reader, row: Row, found: list[Finding]) -> Draft | None:
    if row.fault is not None:
        found.append(row.fault)
        return None
    return read(by.sheet.layout, row.line, row.values, by.around, found)
