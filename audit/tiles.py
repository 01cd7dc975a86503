"""C2SP tlog-tiles: a tree's hashes in immutable pieces of 256, and every range's hash out of them. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from audit.merkle import EMPTY, Broken, Range, node_hash

HASH, WIDTH, HEIGHT = 32, 256, 8
_PATH = re.compile(r"([0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


class Tile(NamedTuple):
    """The hashes `number * 256 …` of one level; a level's hash covers 256 of the level below. `width` of them."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is served, below `tile/`."""
        digits = f"{self.number:03}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        place = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        return f"{self.level}/{place}" + (f".p/{self.width}" if self.width < WIDTH else "")

    @classmethod
    def parse(cls, path: str) -> "Tile | None":
        """The tile of a path; None for one that names no tile."""
        found = _PATH.fullmatch(path)
        if found is None:
            return None
        level, place, width = found.groups()
        tile = cls(int(level), int(place.replace("x", "").replace("/", "")), int(width or WIDTH))
        return tile if tile.path == path else None

    def within(self, size: int) -> bool:
        """Whether a tree of this size has it."""
        return self.number * WIDTH + self.width <= size >> HEIGHT * self.level


def edge(size: int) -> list[Tile]:
    """The tiles on the right edge that are not full yet."""
    levels = range(max(size.bit_length() - 1, 0) // HEIGHT + 1)
    widths = ((level, size >> HEIGHT * level) for level in levels)
    return [Tile(level, count // WIDTH, count % WIDTH) for level, count in widths if count % WIDTH]


def needed(ranges: Iterable[Range], size: int) -> set[Tile]:
    """The tiles of a tree of this size from which the hashes of these ranges can be made."""
    return {_tile_of(node, size) for found in ranges for node in _whole(found)}


def hash_of(found: Range, size: int, tiles: Mapping[Tile, bytes]) -> bytes:
    """The hash of a range that RFC 6962 cuts; `tiles` are those that `needed` named. Raises `Broken` on a short one."""
    if found == (0, 0):
        return EMPTY
    hashes = [_node(node, size, tiles) for node in _whole(found)]
    made = hashes.pop()
    while hashes:
        made = node_hash(hashes.pop(), made)
    return made


def folded(hashes: list[bytes]) -> bytes:
    """The hash over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def hashes_in(data: bytes) -> list[bytes]:
    """A tile's hashes."""
    return [data[at : at + HASH] for at in range(0, len(data), HASH)]


class _Node(NamedTuple):
    """A whole subtree: the leaves `place << level …`, `1 << level` of them."""

    level: int
    place: int


def _whole(found: Range) -> list[_Node]:
    """A range's whole subtrees from left to right, each smaller than the one before."""
    start, end = found
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append(_Node(level, start >> level))
        start += 1 << level
    return nodes


def _tile_of(node: _Node, size: int) -> Tile:
    level = node.level // HEIGHT
    number = node.place << node.level % HEIGHT >> HEIGHT
    return Tile(level, number, min(WIDTH, (size >> HEIGHT * level) - number * WIDTH))


def _node(node: _Node, size: int, tiles: Mapping[Tile, bytes]) -> bytes:
    tile = _tile_of(node, size)
    data, span = tiles[tile], 1 << node.level % HEIGHT
    if len(data) != tile.width * HASH:
        raise Broken(f"tile {tile.path} has not {tile.width} hashes")
    first = (node.place * span) % WIDTH
    return folded(hashes_in(data[first * HASH : (first + span) * HASH]))
