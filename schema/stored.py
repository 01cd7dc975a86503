"""Fields that are read from a row: what a plan projects, and the plain executor resolves, from the same words.

A type with such fields holds its row as `row`. Enum fields go out by the text that is stored for a member.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Protocol

import strawberry

from core.statements import Row


class _Holds(Protocol):
    row: Row


def stored(column: str, **said: Any) -> Any:
    """The value of a column of the row."""
    read = attrgetter("row." + column)

    def resolve(self: _Holds) -> Any:
        return read(self)

    # Where a plan reads it, without this function around it.
    resolve.place = "row." + column  # type: ignore[attr-defined]
    return strawberry.field(resolver=resolve, **said)


def derived(make: Callable[[Row], Any], **said: Any) -> Any:
    """A value made of the row."""

    def resolve(self: _Holds) -> Any:
        return make(self.row)

    resolve.place, resolve.make = "row", make  # type: ignore[attr-defined]
    return strawberry.field(resolver=resolve, **said)
