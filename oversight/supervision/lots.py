"""By what lot a sample is drawn: anybody who knows the seed and the positions draws the same. Pure."""

import hashlib
from collections.abc import Sequence


def seed_of(leaf: bytes, sample_id: str) -> bytes:
    """The seed: the hash of the log's first leaf after the request, which nobody knew then, and which sample it is."""
    return hashlib.sha256(leaf + sample_id.encode()).digest()


def drawn(seed: bytes, positions: Sequence[int], size: int) -> Sequence[int]:
    """So many of the positions, in the lot's order: those whose SHA-256(seed, position as decimal digits) is least."""
    return sorted(positions, key=lambda position: (hashlib.sha256(seed + b"%d" % position).digest(), position))[:size]


def digest(positions: Sequence[int]) -> str:
    """What was drawn from, as one hash: SHA-256 in hex of the positions in order, a decimal number in each line."""
    return hashlib.sha256(b"".join(b"%d\n" % position for position in positions)).hexdigest()
