"""How long an operation may go on: one instant for all of it, whatever it waits for on its way.

It is set where an operation begins, and asked by everything that waits: for a place, a connection, a statement, the
log. Work that nobody waits for has none; what begins to work for many while one of them is there is begun without
(`contextvars.Context`).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# From when a change has its place until its COMMIT is sent. CHOICE: some acts write thousands of rows, and whoever does
# them waits; half a minute is what proxies wait for, too.
CHANGE_SECONDS = 30.0
_until: ContextVar[float] = ContextVar("until", default=float("inf"))


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """The body, and what it begins, may go on for so long."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def left(most: float) -> float:
    """How many seconds are left, and no more than `most`; less than nothing when it is over."""
    return min(most, _until.get() - time.monotonic())


def ahead() -> float | None:
    """As `left`, for what has no time of its own: None where there is no end."""
    seconds = left(float("inf"))
    return None if seconds == float("inf") else seconds
