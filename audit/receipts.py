"""A look's receipt: what the log says of it, and the proof that it says so, for whoever may have it (Art. 14)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select

from audit import tiles, tree
from audit.leaves import Leaf, Link
from audit.lens import Lens
from audit.looks import looks_at
from audit.merkle import inclusion
from audit.notes import Proof, encoded
from audit.tables import access, log_leaf, look_shape
from core.database import Unit
from core.statements import Row

_before = log_leaf.alias("before")


@dataclass(frozen=True)
class Receipt:
    """Both parts of a leaf, base64 of their salts, and a proof with its checkpoint.

    `link` and its salt are the subject's alone: they say how many looks there were before.
    """

    position: int
    data: str
    salt: str
    link: str | None
    link_salt: str | None
    proof: str


async def to_subject(unit: Unit, lens: Lens, access_ids: Collection[str]) -> Mapping[str, Receipt]:
    """Receipts of looks at the lens's subject, by the look's id. One that is not sealed yet has none."""
    rows = await unit.all(_leaves().where(access.c.id.in_(access_ids), looks_at(lens)))
    return await _made(unit, rows, linked=True)


async def to_recipient(unit: Unit, party_id: str, access_id: str) -> Receipt | None:
    """The receipt of a look that this party had; None for any other, and before it is sealed."""
    mine = and_(access.c.id == access_id, access.c.actor_party_id == party_id, access.c.refused.is_(None))
    return (await _made(unit, await unit.all(_leaves().where(mine)), linked=False)).get(access_id)


def _leaves() -> Select[Any]:
    follows = and_(_before.c.subject_id == log_leaf.c.subject_id, _before.c.sequence == log_leaf.c.sequence - 1)
    return (
        select(
            access,
            look_shape.c.fields,
            log_leaf.c.position,
            log_leaf.c.secret,
            log_leaf.c.sequence,
            log_leaf.c.withheld,
            _before.c.hash.label("previous"),
        )
        .join(look_shape, look_shape.c.id == access.c.shape_id)
        .join(log_leaf, log_leaf.c.access_id == access.c.id)
        .outerjoin(_before, follows)
    )


async def _made(unit: Unit, rows: Collection[Row], *, linked: bool) -> Mapping[str, Receipt]:
    head = await tree.head(unit) if rows else None
    if head is None:
        return {}
    paths = {row.id: inclusion(row.position - 1, head.size) for row in rows}
    found = await tree.tiles(unit, tiles.needed([part for path in paths.values() for part in path], head.size))
    return {
        row.id: _receipt(row, [tiles.hash_of(part, head.size, found) for part in paths[row.id]], head.note, linked)
        for row in rows
    }


def _receipt(row: Row, path: list[bytes], note: str, linked: bool) -> Receipt:
    subject_id = row.subject_id if row.sequence is not None else None
    leaf = Leaf.of(row, row.fields, Link(subject_id, row.sequence, row.previous, row.withheld), row.secret)
    return Receipt(
        position=row.position,
        data=leaf.data,
        salt=encoded(leaf.salt),
        link=leaf.link if linked else None,
        link_salt=encoded(leaf.link_salt) if linked else None,
        proof=str(Proof(row.position - 1, path, note)),
    )
