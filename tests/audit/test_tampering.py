"""A log that was tampered with: no flipped bit of a tile, no cut, no fork and no edit passes either verifier.

Trees are made plainly and shown to the verifiers as tiles; the other one computes every tree anew from its leaves.
"""

import hashlib
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import ModuleType

import pytest

from audit.merkle import Broken
from audit.notes import Checkpoint
from audit.tiles import HASH, Tile, hash_of
from audit.verifying import check_extends
from tests.audit.test_tree import tiles_of
from tests.harness.scale import scaled
from tests.harness.stranger import stranger

_NAME = "haihe.example/log"
_LEAVES = [hashlib.sha256(f"leaf {number}".encode()).digest() for number in range(1100)]
_OTHER = [hashlib.sha256(f"other {number}".encode()).digest() for number in range(1100)]


class _Shown:
    """A log as it is served: a checkpoint and its tiles, and which tiles our verifier asked for."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.tiles: dict[Tile, bytes] = tiles_of(leaves, len(leaves))
        self.checkpoint = Checkpoint(_NAME, len(leaves), _root(leaves), len(leaves) // 10)
        self.asked: set[Tile] = set()

    def read(self, tile: Tile) -> bytes:
        """A tile for our verifier."""
        self.asked.add(tile)
        return self.tiles[tile]


def _root(leaves: list[bytes]) -> bytes:
    size = len(leaves)
    return hash_of((0, size), size, tiles_of(leaves, size))


def _ours(kept: Checkpoint, shown: _Shown) -> None:
    check_extends(kept, shown.checkpoint, shown.read)


def _theirs(other: ModuleType, kept: Checkpoint, shown: _Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    lowest: Mapping[str, bytes] = {f"tile/{t.path}": data for t, data in shown.tiles.items() if t.level == 0}
    monkeypatch.setattr(other, "read", lambda place: lowest[place])
    new = shown.checkpoint
    other.extends([(kept.origin, kept.size, kept.root, kept.withheld)], (new.origin, new.size, new.root, new.withheld),
                  "")  # fmt: skip


def test_any_flipped_bit_of_a_tile_is_rejected(monkeypatch: pytest.MonkeyPatch, figures: dict[str, int]) -> None:
    chance, other, theirs = random.Random(4), stranger(), 0
    rounds = scaled(40, 1000)
    for _ in range(rounds):
        size = chance.randint(2, len(_LEAVES))
        shown, old = _Shown(_LEAVES[:size]), chance.randint(1, size)
        kept = Checkpoint(_NAME, old, _root(_LEAVES[:old]), 0)
        _ours(kept, shown)
        tile = chance.choice(sorted(shown.asked, key=str))
        bit = chance.randrange(8 * len(shown.tiles[tile]))
        flipped = bytearray(shown.tiles[tile])
        flipped[bit // 8] ^= 1 << bit % 8
        shown.tiles[tile] = bytes(flipped)
        with pytest.raises(Broken):
            _ours(kept, shown)
        if tile.level == 0:
            theirs += 1
            with pytest.raises(ValueError, match="forked"):
                _theirs(other, kept, shown, monkeypatch)
    figures.update({"tiles": rounds, "tiles, by the other verifier too": theirs})
    assert theirs > rounds / 4


def _shorter(leaves: list[bytes]) -> list[bytes]:
    return leaves[:-1]


def _edited(leaves: list[bytes]) -> list[bytes]:
    return [_OTHER[0], *leaves[1:]]


def _removed(leaves: list[bytes]) -> list[bytes]:
    return [*leaves[1:], _OTHER[0], _OTHER[1]]


def _swapped(leaves: list[bytes]) -> list[bytes]:
    return [leaves[1], leaves[0], *leaves[2:]]


def _forked(leaves: list[bytes]) -> list[bytes]:
    return [*leaves[: len(leaves) // 2], *_OTHER[: len(leaves)]]


@pytest.mark.parametrize("tampered", [_shorter, _edited, _removed, _swapped, _forked], ids=lambda f: f.__name__)
def test_a_log_that_is_signed_anew_does_not_go_on_from_what_was_kept(
    tampered: Callable[[list[bytes]], list[bytes]], monkeypatch: pytest.MonkeyPatch, figures: dict[str, int]
) -> None:
    """Whoever holds the key signs a consistent tree of whatever they like; only what was kept tells."""
    chance, other = random.Random(5), stranger()
    rounds = scaled(10, 200)
    for _ in range(rounds):
        kept_leaves = _LEAVES[: chance.randint(2, 700)]
        kept = Checkpoint(_NAME, len(kept_leaves), _root(kept_leaves), 0)
        honest = _Shown([*kept_leaves, *_OTHER[: chance.randint(0, 300)]])
        _ours(kept, honest)
        _theirs(other, kept, honest, monkeypatch)
        shown = _Shown(tampered(kept_leaves))
        with pytest.raises(Broken, match=r"cut|forked|not the checkpoint's"):
            _ours(kept, shown)
        with pytest.raises(ValueError, match=r"cut|forked"):
            _theirs(other, kept, shown, monkeypatch)
    figures["tampered logs"] = rounds


def test_fewer_withheld_looks_and_another_name_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, other = _Shown(_LEAVES[:300]), stranger()
    same = shown.checkpoint
    for kept in (replace(same, withheld=same.withheld + 1), replace(same, origin="other.example/log")):
        with pytest.raises(Broken):
            _ours(kept, shown)
        with pytest.raises(ValueError, match="cut"):
            _theirs(other, kept, shown, monkeypatch)


@pytest.mark.parametrize("less", [1, HASH])
def test_a_tile_that_is_cut_is_rejected(less: int, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, other = _Shown(_LEAVES[:300]), stranger()
    kept = Checkpoint(_NAME, 290, _root(_LEAVES[:290]), 0)
    tile = Tile(0, 1, 44)
    shown.tiles[tile] = shown.tiles[tile][:-less]
    with pytest.raises((Broken, LookupError)):
        _ours(kept, shown)
    with pytest.raises(ValueError, match="too short"):
        _theirs(other, kept, shown, monkeypatch)
