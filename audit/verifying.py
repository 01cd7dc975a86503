"""Checking receipts and checkpoints offline: nothing here asks the service anything. Pure.

A receipt is the answer's own object (`AccessReceipt`), so whatever JSON holds such objects can be checked as it is.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.merkle import Broken, check_consistency, consistency, included, leaf_hash
from audit.notes import Checkpoint, Proof, VerifierKey, decoded, encoded
from audit.tiles import Tile, hash_of, needed

_NEEDED = frozenset({"data", "salt", "proof"})
_KNOWN = _NEEDED | {"position", "link", "linkSalt", "__typename"}


@dataclass(frozen=True)
class Checked:
    """A receipt that holds: its place, its leaf, what it says, and the checkpoint it was proved against."""

    index: int
    leaf: bytes
    said: Mapping[str, Any]
    link: Mapping[str, Any] | None
    checkpoint: Checkpoint


def found_in(document: Any) -> Iterator[Mapping[str, Any]]:
    """Every receipt in a JSON document, however deep."""
    if isinstance(document, dict):
        if "proof" in document:
            yield document
        else:
            for value in document.values():
                yield from found_in(value)
    elif isinstance(document, list):
        for value in document:
            yield from found_in(value)


def check_receipt(receipt: Mapping[str, Any], keys: Collection[VerifierKey]) -> Checked:
    """What a receipt proves; raises `Broken` unless every bit of it holds."""
    texts = {name: value for name, value in receipt.items() if value is not None}
    if not set(texts) >= _NEEDED or not set(receipt) <= _KNOWN or not all(isinstance(v, str) for v in texts.values()):
        raise Broken("not a receipt")
    proof = Proof.parse(texts["proof"])
    checkpoint = Checkpoint.opened(proof.note, keys)
    leaf = leaf_hash(decoded(texts["salt"], 32) + texts["data"].encode())
    if included(proof.index, checkpoint.size, leaf, proof.path) != checkpoint.root:
        raise Broken("the look is not in the tree")
    if texts.get("position", str(proof.index + 1)) != str(proof.index + 1):
        raise Broken("the position is another")
    said = json.loads(texts["data"])
    return Checked(proof.index, leaf, said, _link(texts, said), checkpoint)


def _link(texts: Mapping[str, str], said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if ("link" in texts) != ("linkSalt" in texts):
        raise Broken("half a link")
    if "link" not in texts:
        return None
    if encoded(hashlib.sha256(decoded(texts["linkSalt"], 32) + texts["link"].encode()).digest()) != said["link"]:
        raise Broken("the link is another look's")
    link: Mapping[str, Any] = json.loads(texts["link"])
    return link


def check_together(found: Sequence[Checked]) -> list[tuple[int, int]]:
    """That receipts do not contradict each other; the numbers that are missing between a subject's looks, as ranges.

    Raises `Broken` when two say different things of one place, one number or one size of the tree.
    """
    places: dict[int, bytes] = {}
    roots: dict[int, bytes] = {}
    for one in found:
        if places.setdefault(one.index, one.leaf) != one.leaf:
            raise Broken(f"two looks at position {one.index + 1}: the log has been forked")
        if roots.setdefault(one.checkpoint.size, one.checkpoint.root) != one.checkpoint.root:
            raise Broken(f"two trees of {one.checkpoint.size} looks: the log has been forked")
    numbered = [one for one in found if one.link is not None and one.link["sequence"] is not None]
    subjects = {one.link["subject"] for one in numbered if one.link is not None}
    return [gap for subject in sorted(subjects) for gap in _gaps(subject, numbered)]


def _gaps(subject: str, found: Sequence[Checked]) -> Iterator[tuple[int, int]]:
    mine = {one.link["sequence"]: one for one in found if one.link is not None and one.link["subject"] == subject}
    before: Checked | None = None
    for sequence, one in sorted(mine.items()):
        assert one.link is not None
        if before is not None and before.link is not None:
            last = before.link["sequence"]
            if sequence != last + 1:
                yield last + 1, sequence - 1
            elif one.link["previous"] != encoded(before.leaf):
                raise Broken(f"look {sequence} does not follow look {last}")
            elif one.index <= before.index:
                raise Broken(f"look {sequence} stands before look {last}")
        before = one


def check_extends(old: Checkpoint, new: Checkpoint, read: Callable[[Tile], bytes]) -> None:
    """That a checkpoint goes on from an older one, by the newer one's tiles; raises `Broken` on a cut, fork or edit."""
    if old.origin != new.origin:
        raise Broken("two different logs")
    if old.size > new.size:
        raise Broken("the log has been cut")
    if old.withheld > new.withheld:
        raise Broken("withheld looks have become fewer")
    ranges = consistency(old.size, new.size) if old.size else []
    tiles = {tile: read(tile) for tile in needed([*ranges, (0, new.size)], new.size)}
    if hash_of((0, new.size), new.size, tiles) != new.root:
        raise Broken("the tiles are not the checkpoint's")
    check_consistency(old.size, old.root, new.size, new.root, [hash_of(part, new.size, tiles) for part in ranges])
