"""Under which caller's trace a request runs (W3C Trace Context)."""

import re
from collections.abc import Iterable
from contextvars import ContextVar
from typing import NamedTuple

_TRACEPARENT = re.compile(rb"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


class Parent(NamedTuple):
    """A caller's span: its trace and its own id, in hexadecimal, and whether the caller records it."""

    trace: str
    span: str
    sampled: bool


parent: ContextVar[Parent | None] = ContextVar("parent", default=None)


def enter(headers: Iterable[tuple[bytes, bytes]]) -> Parent | None:
    """The caller's span, to which belongs what this task does from here on; None where none is named in the form of
    version 00."""
    found = next((named(value) for name, value in headers if name == b"traceparent"), None)
    parent.set(found)
    return found


def named(traceparent: bytes) -> Parent | None:
    """What a header names."""
    found = _TRACEPARENT.fullmatch(traceparent)
    if found is None or not found[1].strip(b"0") or not found[2].strip(b"0"):
        return None
    return Parent(found[1].decode(), found[2].decode(), bool(int(found[3], 16) & 1))
