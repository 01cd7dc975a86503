"""RFC 6962 trees: how leaves and nodes are hashed, which ranges a proof is made of, and what a proof must give. Pure.

A range is `(start, end)` of leaves, counted from 0; a proof is the hashes of its ranges, in order.
"""

import hashlib
from collections.abc import Iterator, Sequence

Range = tuple[int, int]
EMPTY = hashlib.sha256(b"").digest()


class Broken(ValueError):
    """Something that claims to come from the log does not. The message says what."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees as one."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below a size of at least 2: where RFC 6962 cuts a tree."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion(index: int, size: int) -> list[Range]:
    """The ranges that prove one leaf of a tree, from the leaf's sibling up."""
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency(old: int, new: int) -> list[Range]:
    """The ranges that prove a tree of `old` leaves, at least one, to be the beginning of a tree of `new`."""
    start, end, path = 0, new, []
    while end != old:
        middle = start + split(end - start)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return [*([(start, end)] if start else []), *path[::-1]]


def stones(start: int, end: int) -> list[Range]:
    """The whole subtrees, each as large as it may be, that lie side by side between two sizes of the tree.

    Put down one after another on the tree of `start` leaves they give the tree of `end`: with the leaves between two
    sizes, or without them, that shows the smaller tree to be the beginning of the larger.
    """
    path = []
    while start < end:
        width = 1 << (end - start).bit_length() - 1
        width = min(width, start & -start) if start else width
        path.append((start, start + width))
        start += width
    return path


def included(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); raises `Broken` when it leads nowhere."""
    if not 0 <= index < size:
        raise Broken("the leaf is outside the tree")
    found = leaf
    for sibling, left in _sides(index, size - 1, path):
        found = node_hash(sibling, found) if left else node_hash(found, sibling)
    return found


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """Return when the old tree is the beginning of the new one, which is no smaller (RFC 9162, 2.1.4.2).

    Raises `Broken` when it is not.
    """
    if old in (0, new):
        if path or old_root != (new_root if old else EMPTY):
            raise Broken("the log has been forked")
        return
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not hashes:
        raise Broken("the consistency proof is empty")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for sibling, left in _sides(place, last, hashes[1:]):
        before = node_hash(sibling, before) if left else before
        after = node_hash(sibling, after) if left else node_hash(after, sibling)
    if (before, after) != (old_root, new_root):
        raise Broken("the log has been forked")


def _sides(place: int, last: int, path: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each hash of a proof and whether it stands to the left; raises `Broken` when they are too many or too few."""
    for sibling in path:
        if last == 0:
            raise Broken("the proof is too long")
        left = bool(place & 1) or place == last
        yield sibling, left
        while left and place and not place & 1:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last:
        raise Broken("the proof is too short")
