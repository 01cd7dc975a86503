"""By what lot a sample is drawn: anybody who knows the seed and what is drawn from draws the same. Pure.

Looks are drawn by their positions in the log, as decimal digits; cases by their numbers.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Name = TypeVar("Name", int, str)


def seed_of(leaf: bytes, sample_id: str) -> bytes:
    """The seed: the hash of the log's first leaf after the request, which nobody knew then, and which sample it is."""
    return hashlib.sha256(leaf + sample_id.encode()).digest()


def drawn(seed: bytes, names: Sequence[Name], size: int) -> Sequence[Name]:
    """So many of what is there, in the lot's order: those whose SHA-256(seed, name) is least."""
    return sorted(names, key=lambda name: (hashlib.sha256(seed + str(name).encode()).digest(), name))[:size]


def digest(names: Sequence[Name]) -> str:
    """What was drawn from, as one hash: SHA-256 in hex of the names in order, one in each line."""
    return hashlib.sha256("".join(f"{name}\n" for name in names).encode()).hexdigest()
