"""Papers in a case: uploaded first, and named here once. They are kept encrypted and go out as downloads only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from core import uploads
from core.blobs import Blobs, blob
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.statements import Row
from core.uploads import Owner
from objections.kinds import Side
from objections.tables import objection_evidence


async def bring(
    unit: WriteUnit, objection_id: str, ids: Collection[str], *, owner: Owner, side: Side, at: datetime
) -> None:
    """Add somebody's own uploads to a case. Raises `Invalid` for one that is not theirs, has gone, or was named
    before."""
    for place, id_ in enumerate(ids):
        try:
            await uploads.take(unit, id_, owner=owner)
        except NotAvailable:
            raise Invalid(Detail(("evidenceIds", str(place)), "NO_SUCH_UPLOAD")) from None
        row = {"blob_id": id_, "objection_id": objection_id, "side": side.value, "brought_at": at}
        await unit.run(objection_evidence.insert().values(row))


async def pass_on(unit: WriteUnit, objection_id: str, ids: Collection[str]) -> None:
    """Show papers of a case to the provider that is asked. Raises `Invalid` for one that is not in it."""
    e = objection_evidence.c
    for place, id_ in enumerate(ids):
        this = (e.blob_id == id_, e.objection_id == objection_id)
        if await unit.run(objection_evidence.update().where(*this).values(passed_on=True)) != 1:
            raise Invalid(Detail(("evidenceIds", str(place)), "NO_SUCH_PAPER"))


async def of_several(unit: Unit, ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
    """The papers of cases, by the case's id, in the order in which they came."""
    e = objection_evidence.c
    columns = (
        blob.c.id,
        blob.c.media_type,
        blob.c.size,
        blob.c.sha256,
        e.objection_id,
        e.side,
        e.brought_at,
        e.passed_on,
    )
    query = select(*columns).join(blob, blob.c.id == e.blob_id).where(e.objection_id.in_(list(ids)))
    rows = await unit.all(query.order_by(e.brought_at, blob.c.id))
    return {id_: [row for row in rows if row.objection_id == id_] for id_ in ids}


@dataclass(frozen=True)
class Paper:
    """One paper of a case, or of the one that it hears again, and whose papers its reader may see."""

    objection_ids: Sequence[str]
    blob_id: str
    sides: frozenset[Side]
    # Of the others, what was passed on.
    passed_on: bool = False


async def ticket(unit: WriteUnit, blobs: Blobs, paper: Paper, *, at: datetime) -> str:
    """A ticket to download a case's paper once. Raises `NotAvailable` for one that is not in it, or not for them."""
    e = objection_evidence.c
    theirs: ColumnElement[bool] = e.side.in_([side.value for side in paper.sides])
    if paper.passed_on:
        theirs = or_(theirs, e.passed_on)
    mine = (e.blob_id == paper.blob_id, e.objection_id.in_(paper.objection_ids), theirs)
    if await unit.first(select(e.blob_id).where(*mine)) is None:
        raise NotAvailable()
    return await blobs.ticket(unit, paper.blob_id, at=at)
