"""The log as whoever audits it is shown it: leaf by leaf between two positions, and what ties both ends to the tree.

Nothing is decided here about what of a look goes out; that is the auditor's room's own (`oversight.auditing`). Read a
stretch at a time: however long the log is, no statement reads all of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Integer, and_, bindparam, case, func, select

from audit import tiles, tree
from audit.leaves import Leaf, Link
from audit.merkle import stones
from audit.notes import Checkpoint
from audit.tables import access, log_leaf, look_shape, trail_joined
from core.database import Unit
from core.months import Span
from core.statements import Row, Statement

_before = log_leaf.alias("before")
_AFTER, _UPTO = bindparam("after", type_=BigInteger), bindparam("upto", type_=BigInteger)
_MOST = bindparam("most", type_=Integer)
_here = (log_leaf.c.position > _AFTER, log_leaf.c.position <= _UPTO)


def _stretch() -> Statement:
    follows = and_(_before.c.subject_id == log_leaf.c.subject_id, _before.c.sequence == log_leaf.c.sequence - 1)
    leaf = log_leaf.c
    joined = (
        log_leaf.outerjoin(access, access.c.id == leaf.access_id)
        .outerjoin(_before, follows)
        .outerjoin(trail_joined, trail_joined.c.absorbed_id == access.c.subject_id)
    )
    whom = func.coalesce(trail_joined.c.kept_id, access.c.subject_id).label("whom")
    columns = (
        leaf.position,
        leaf.hash,
        leaf.access_id,
        leaf.secret,
        leaf.sequence,
        leaf.withheld,
        _before.c.hash.label("previous"),
    )
    # One of which nothing was erased has an id of its own.
    query = select(access, *columns, whom).select_from(joined).where(*_here)
    return Statement(query.order_by(leaf.position).limit(_MOST))


_STRETCH = _stretch()


@dataclass(frozen=True)
class Edges:
    """What a stretch of the log says of a period: the first and the last position inside it, the last one before it and
    the first one after. None where there is none."""

    first: int | None = None
    last: int | None = None
    before: int | None = None
    after: int | None = None

    def joined(self, later: "Edges") -> "Edges":
        """With what a later stretch says."""
        return Edges(
            self.first if self.first is not None else later.first,
            later.last if later.last is not None else self.last,
            later.before if later.before is not None else self.before,
            self.after if self.after is not None else later.after,
        )

    def around(self, size: int) -> tuple[int, int]:
        """Which positions show the period whole, in a log of at least one leaf: those inside it, and one on either side
        that shows where it ends. A look may be sealed late, so some between them may lie outside."""
        if self.first is not None and self.last is not None:
            return max(1, self.first - 1), min(size, self.last + 1)
        ends = (self.before or 1, self.after or size)
        return min(ends), max(ends)


async def edges(unit: Unit, span: Span, *, after: int, upto: int) -> Edges:
    """What the positions after one, up to another, say of a period."""
    values = {"after": after, "upto": upto, "begins": span.begins, "ends": span.ends}
    row = await unit.first(_EDGES, values)
    return Edges(row.first, row.last, row.before, row.past) if row is not None else Edges()


_begins, _ends = bindparam("begins", type_=access.c.at.type), bindparam("ends", type_=access.c.at.type)
_inside = case((and_(access.c.at >= _begins, access.c.at < _ends), log_leaf.c.position))
_EDGES = Statement(
    select(
        func.min(_inside).label("first"),
        func.max(_inside).label("last"),
        func.max(case((access.c.at < _begins, log_leaf.c.position))).label("before"),
        func.min(case((access.c.at >= _ends, log_leaf.c.position))).label("past"),
    )
    .select_from(log_leaf.join(access, access.c.id == log_leaf.c.access_id))
    .where(*_here)
)


async def stretch(unit: Unit, *, after: int, upto: int, most: int) -> Sequence[Row]:
    """The leaves after a position, up to another, at most so many, in order: `position`, `hash`, and the look's row
    with `whom` it was at as one subject, however many ids it had. An erased one has only the first two; one whose row
    was taken away has `access_id` too."""
    return await unit.all(_STRETCH, {"after": after, "upto": upto, "most": most})


async def shapes(unit: Unit, wanted: Collection[str]) -> Mapping[str, list[str]]:
    """The fields of these shapes, which never change."""
    rows = await unit.all(select(look_shape).where(look_shape.c.id.in_(wanted))) if wanted else ()
    return {row.id: row.fields for row in rows}


def leaf_of(row: Row, fields: list[str]) -> Leaf:
    """The leaf that a stretch's row makes: the one in the tree, unless somebody has changed the row."""
    subject_id = row.subject_id if row.sequence is not None else None
    return Leaf.of(row, fields, Link(subject_id, row.sequence, row.previous, row.withheld), row.secret)


@dataclass(frozen=True)
class Tied:
    """The trees before the first position, after the last, and as it was signed last; and the hashes of whole subtrees
    that lead from nothing to the first, and from the second to the third."""

    begin: Checkpoint
    end: Checkpoint
    head: str
    under: Sequence[bytes]
    beyond: Sequence[bytes]


async def tied(unit: Unit, head: Row, first: int, last: int) -> Tied:
    """What ties the positions from the first to the last to the tree of this head."""
    under, beyond = stones(0, first - 1), stones(last, head.size)
    ends = [(0, first - 1), (0, last)]
    ranges = [part for size in (first - 1, last) for part in stones(0, size)]
    found = await tree.tiles(unit, tiles.needed([*ranges, *beyond], head.size))
    roots = [tiles.hash_of(end, head.size, found) for end in ends]
    counts = [await _withheld(unit, size) for size in (first - 1, last)]
    return Tied(
        begin=Checkpoint(head.origin, first - 1, roots[0], counts[0]),
        end=Checkpoint(head.origin, last, roots[1], counts[1]),
        head=head.note,
        under=[tiles.hash_of(part, head.size, found) for part in under],
        beyond=[tiles.hash_of(part, head.size, found) for part in beyond],
    )


async def _withheld(unit: Unit, size: int) -> int:
    """How many of the first leaves are withheld looks; they are numbered."""
    c = log_leaf.c
    row = await unit.first(select(func.max(c.withheld)).where(c.withheld.is_not(None), c.position <= size))
    return int(row[0] or 0) if row is not None else 0


async def positions(unit: Unit, access_ids: Collection[str]) -> Mapping[str, int]:
    """At which position each of these looks stands. One that is not sealed yet has none."""
    c = log_leaf.c
    rows = await unit.all(select(c.access_id, c.position).where(c.access_id.in_(access_ids)))
    return {row.access_id: row.position for row in rows}
