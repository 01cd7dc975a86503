"""What the app checks its own verifier against: a small log, made here by the service's code, the same at each run."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.leaves import Leaf, Link
from audit.merkle import consistency, inclusion
from audit.notes import Checkpoint, Proof, VerifierKey, encoded, sign
from audit.tiles import WIDTH, Tile, folded, hash_of, hashes_in, needed
from audit.verifying import check_receipt, check_together
from tests.harness.servers import ROOT

_FILE = ROOT / "web" / "tests" / "log.json"
_NAME, _OLD, _NEW, _EVERY = "haihe.test/log", 270, 300, 25
_PRIVATE = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"vectors").digest())
_KEY = VerifierKey(_NAME, _PRIVATE.public_key().public_bytes_raw())
_BEGIN = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def _row(number: int) -> Any:
    return SimpleNamespace(
        id=f"acc_{number:020}", at=_BEGIN + timedelta(minutes=number), actor_party_id="pty_1",
        actor_name="海津示例银行",
        officer_id="stf_1", operator="信贷员甲", client=None, basis="GRANT", grant_id="grt_1", grant_version=2,
        purpose="FINANCING", stage="PRE_LOAN", channel="API", document="0" * 64, categories=["ADMINISTRATIVE"],
        codes=["XZ01"], record_count=1, refused=None, withholding_id=None, case_number=None,
    )  # fmt: skip


def _log() -> tuple[list[tuple[int, Leaf]], list[bytes]]:
    """Every 25th look is at one subject; and all leaves' hashes."""
    mine: list[tuple[int, Leaf]] = []
    hashes: list[bytes] = []
    for number in range(_NEW):
        is_mine = number % _EVERY == 0
        link = (
            Link("sub_1", len(mine) + 1, mine[-1][1].hash if mine else None) if is_mine else Link(f"sub_x{number}", 1)
        )
        leaf = Leaf.of(_row(number), ["CreditRecord.title"], link, hashlib.sha256(f"secret {number}".encode()).digest())
        hashes.append(leaf.hash)
        if is_mine:
            mine.append((number, leaf))
    return mine, hashes


def _tiles(hashes: list[bytes]) -> dict[Tile, bytes]:
    full = b"".join(hashes[:WIDTH])
    found = {Tile(0, 0): full, Tile(1, 0, 1): folded(hashes_in(full))}
    return found | {Tile(0, 1, len(hashes) - WIDTH): b"".join(hashes[WIDTH:])}


def _note(hashes: list[bytes]) -> str:
    size = len(hashes)
    return sign(str(Checkpoint(_NAME, size, hash_of((0, size), size, _tiles(hashes)), 0)), _NAME, _PRIVATE)


def _shown(number: int, receipt: dict[str, str]) -> dict[str, Any]:
    """A line of the list as the API answers it."""
    row = _row(number)
    return {
        "id": row.id, "at": row.at.isoformat(), "basis": row.basis, "channel": row.channel, "purpose": row.purpose,
        "stage": row.stage, "recordCount": row.record_count, "summary": f"{row.actor_name}查询了您的信息",
        "grant": {"id": row.grant_id}, "actor": {"name": row.actor_name, "operator": row.operator}, "receipt": receipt,
    }  # fmt: skip


def _made() -> dict[str, Any]:
    mine, hashes = _log()
    tiles, note, lines = _tiles(hashes), _note(hashes), []
    for number, leaf in mine:
        path = [hash_of(part, _NEW, tiles) for part in inclusion(number, _NEW)]
        receipt = {
            "data": leaf.data,
            "salt": encoded(leaf.salt),
            "link": leaf.link,
            "linkSalt": encoded(leaf.link_salt),
            "proof": str(Proof(number, path, note)),
        }
        lines.append(_shown(number, receipt))
    wanted = needed([*consistency(_OLD, _NEW)], _NEW)
    forked = [hashlib.sha256(b"another").digest(), *hashes[1:]]
    return {
        "keys": f"{_KEY}\n",
        "lines": lines[::-1],
        "old": _note(hashes[:_OLD]),
        "forked": _note(forked[:_OLD]),
        "longer": _note([*hashes, hashes[0]]),
        "tiles": {tile.path: base64.b64encode(tiles[tile]).decode() for tile in sorted(wanted)},
    }


def test_the_apps_vectors_are_what_the_service_makes_and_hold_here_too() -> None:
    made = _made()
    text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    if not _FILE.exists():  # a new one is written once, and then compared
        _FILE.write_text(text, "utf-8")
    assert _FILE.read_text("utf-8") == text
    checked = [check_receipt(line["receipt"], [_KEY]) for line in made["lines"]]
    assert check_together(checked) == []
    assert len(checked) == 12
