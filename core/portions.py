"""Somebody's own data as plain values, a portion at a time: what an export is put together from (个人信息保护法 45).

Each context says what it keeps about a subject in functions of one form, and none holds more than a page in memory.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.paging import Page
from core.statements import Row

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Portion:
    """Entries as JSON has them (instants and days as themselves), and the cursor of what follows; None: nothing."""

    entries: Sequence[Entry]
    after: str | None = None


def portion(page: Page[Row], made: Callable[[Row], Entry]) -> Portion:
    """A page as a portion."""
    return Portion([made(row) for row in page.items], page.seal(page.items[-1]) if page.more else None)
