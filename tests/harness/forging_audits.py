"""An export for 合规审计 as it was made, and as those forge it who hold the log's key."""

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api import auditing as duty
from api.house import House
from audit.merkle import stones
from audit.notes import Checkpoint, VerifierKey, encoded, sign
from audit.sealing import private_key
from audit.tiles import hash_of
from core.keys import Purpose
from tests.audit.test_tree import tiles_of
from tests.harness import auditing, city, looked
from tests.harness.callers import inhabited
from tests.harness.city import Templates
from tests.harness.sealing import checkpoint, seal

_YEAR = {"since": "2025-04-01", "until": "2025-11-30"}


@dataclass
class Genuine:
    """An export, another of the same log, what an auditor has kept, and what the institution has."""

    data: bytes
    other: bytes
    keys: list[str]
    # Of a tree between the export's ends, of the one it was made at, and of a later one.
    kept: list[str]
    later: str
    leaves: list[bytes]
    key: Ed25519PrivateKey
    files: dict[str, bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.files = auditing.unpacked(self.data)

    @property
    def manifest(self) -> dict[str, Any]:
        return dict(json.loads(self.files["manifest.json"]))


async def made(templates: Templates) -> Genuine:
    name = f"t_{uuid.uuid4().hex[:12]}"
    house = House(templates.settings(await city.copy(templates, "sqlite", name)))
    async with inhabited(house) as town:
        await looked.look(house, 100)
        await seal(house)
        middle, _ = await checkpoint(house)
        await looked.look(house, 60, seed=1)
        data = await auditing.fetched(town, **_YEAR)
        now, _ = await checkpoint(house)
        other = await auditing.fetched(town, key="other", **_YEAR)
        later, _ = await checkpoint(house)
        async with house.database.reading() as unit:
            rows = await unit.all(duty.disclosing._STRETCH, {"after": 0, "upto": 10**6, "most": 10**6})
        known, key = auditing.keys(town), private_key(house.rings.active(Purpose.LOG))
    await house.database.close()
    await city.drop(templates, "sqlite", name)
    return Genuine(data, other, known, [middle, now], later, [row.hash for row in rows], key)


Rows = list[dict[str, Any]]


def rows_of(files: dict[str, bytes]) -> Rows:
    return [json.loads(line) for line in files["looks.jsonl"].splitlines()]


def lines_of(rows: Rows) -> bytes:
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def signed_anew(genuine: Genuine, files: dict[str, bytes], **said: Any) -> dict[str, bytes]:
    """Every hash and the manifest's signature, as who holds the log's key makes them."""
    manifest, lines = {**genuine.manifest, **said}, files["looks.jsonl"].splitlines(keepends=True)
    rows = [json.loads(line) for line in lines]
    parts = [range(at, min(at + 40, len(lines))) for at in range(0, len(lines), 40)]
    manifest["stretches"] = [
        (rows[part[-1]]["position"], hashlib.sha256(b"".join(lines[n] for n in part)).hexdigest()) for part in parts
    ]
    manifest["files"] = {name: hashlib.sha256(files[name]).hexdigest() for name in manifest["files"]}
    sorts = {row["shown"] for row in rows} | set(manifest["shown"])
    manifest["shown"] = {sort: sum(row["shown"] == sort for row in rows) for sort in sorts}
    data = json.dumps(manifest).encode()
    lines_ = (manifest["log"], manifest["format"], manifest["export"], hashlib.sha256(data).hexdigest())
    note = sign("".join(f"{line}\n" for line in lines_), manifest["log"], genuine.key)
    return {**files, "manifest.json": data, "manifest.note": note.encode()}


def forged(genuine: Genuine, files: dict[str, bytes]) -> dict[str, bytes]:
    """Another tree for these rows, signed; its checkpoints count as many withheld looks as the rows say."""
    rows, first = rows_of(files), genuine.manifest["first"]
    here = [base64.b64decode(row["leaf"]) for row in rows]
    leaves = genuine.leaves[: first - 1] + here + genuine.leaves[genuine.manifest["last"] :]
    last, name = first - 1 + len(rows), genuine.manifest["log"]
    size, old = len(leaves), _checkpoints(genuine)
    size = old["head"].size - genuine.manifest["last"] + last
    tiles = tiles_of(leaves[:size], size)
    hidden = old["begin"].withheld + sum(row["shown"] == "WITHHELD" for row in rows)
    trees = {
        "end": Checkpoint(name, last, hash_of((0, last), last, tiles_of(leaves[:last], last)), hidden),
        "head": Checkpoint(
            name, size, hash_of((0, size), size, tiles), hidden + old["head"].withheld - old["end"].withheld
        ),
    }
    beyond = [encoded(hash_of(part, size, tiles)) for part in stones(last, size)]
    tree = {**json.loads(files["tree.json"]), "beyond": beyond}
    signed = {f"{end}.checkpoint": sign(str(one), name, genuine.key).encode() for end, one in trees.items()}
    return signed_anew(genuine, {**files, "tree.json": json.dumps(tree).encode(), **signed}, last=last)


def _checkpoints(genuine: Genuine) -> dict[str, Checkpoint]:
    known = [VerifierKey.parse(key) for key in genuine.keys]
    return {
        end: Checkpoint.opened(genuine.files[f"{end}.checkpoint"].decode(), known) for end in ("begin", "end", "head")
    }
