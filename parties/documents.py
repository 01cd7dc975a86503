"""Stored documents (trusted documents): what a client's builds have registered, by client and version.

What was registered stays what it was: a name is its text's digest. What the client's newest version does not name, and
nobody has asked for in a long time, is retired; registering it again brings it back.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, exists, func, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.moments import day_of
from core.statements import Row, Statement
from parties.tables import client, document_version, stored_document

# CHOICE: of one third party's program. Our own clients' are bounded by their manifests.
MOST_DOCUMENTS, MOST_CHARACTERS = 500, 512 * 1024
_d, _v = stored_document.c, document_version.c
# Asked by every process that starts.
_REGISTERED = Statement(
    select(func.count().label("found"))
    .select_from(document_version.join(stored_document))
    .where(_v.client == bindparam("its_client"), _v.version == bindparam("its_version"), _d.retired_at.is_(None))
)


async def register(
    unit: WriteUnit, party_id: str, client_id: str, version: str, texts: Mapping[str, str], *, at: datetime
) -> None:
    """Store documents of a party's own client, under one version more or in addition to what it has.

    Whoever calls this has verified the names and decided the texts. Raises `NotAvailable` for another's client, and
    `Invalid` when the client would have more than it may.
    """
    mine = select(client.c.id).where(client.c.id == client_id, client.c.party_id == party_id).with_for_update()
    if await unit.first(mine) is None:
        raise NotAvailable()
    await put(unit, client_id, version, texts, at=at)
    held = select(func.count().label("documents"), func.sum(func.length(_d.text)).label("characters"))
    row = await unit.first(held.where(_d.client == client_id, _d.retired_at.is_(None)))
    assert row is not None  # an aggregate has one row
    if row.documents > MOST_DOCUMENTS:
        raise Invalid(Detail(("documents",), "TOO_MANY", str(MOST_DOCUMENTS)))
    if row.characters > MOST_CHARACTERS:
        raise Invalid(Detail(("documents",), "TOO_LONG_TOGETHER", str(MOST_CHARACTERS)))


async def put(unit: WriteUnit, client_id: str, version: str, texts: Mapping[str, str], *, at: datetime) -> None:
    """Store a version's documents; what is stored already is brought back if it was retired."""
    today = day_of(at)
    rows = [{"client": client_id, "name": name, "text": text, "used_on": today} for name, text in texts.items()]
    insert = unit.insert(stored_document)
    again = {"used_on": insert.excluded.used_on, "retired_at": None}
    await unit.run(insert.on_conflict_do_update(index_elements=[_d.client, _d.name], set_=again), rows)
    named = [{"client": client_id, "version": version, "name": name, "registered_at": at} for name in texts]
    await unit.run(unit.insert(document_version).on_conflict_do_nothing(), named)


async def is_registered(unit: Unit, client_id: str, version: str, count: int) -> bool:
    """Whether a version has so many live documents."""
    row = await unit.first(_REGISTERED, {"its_client": client_id, "its_version": version})
    return row is not None and row.found == count


async def find(unit: Unit, clients: Collection[str], name: str) -> Row | None:
    """The client and text of a live document of one of these clients, by its name."""
    wanted = select(_d.client, _d.text).where(_d.client.in_(sorted(clients)), _d.name == name, _d.retired_at.is_(None))
    return await unit.first(wanted.order_by(_d.client))


async def live(unit: Unit) -> Sequence[Row]:
    """Every live document with its client, name and the versions that name it, of all clients."""
    return await unit.all(
        select(_d.client, _d.name, _d.text, _d.used_on, _v.version)
        .join(document_version)
        .where(_d.retired_at.is_(None))
        .order_by(_d.client, _d.name, _v.registered_at)
    )


async def use(unit: WriteUnit, names: Collection[tuple[str, str]], *, on: date) -> None:
    """These were asked for on this day."""
    for client_id, name in sorted(names):
        mine = (_d.client == client_id, _d.name == name, _d.used_on < on)
        await unit.run(stored_document.update().where(*mine).values(used_on=on))


async def retire(unit: WriteUnit, *, unused: timedelta, at: datetime) -> int:
    """Retire what nobody has asked for in so long, unless its client's newest version names it; how many."""
    newer, named = document_version.alias(), document_version.alias()
    newest = (
        select(newer.c.version)
        .where(newer.c.client == _d.client)
        .group_by(newer.c.version)
        .order_by(func.min(newer.c.registered_at).desc(), newer.c.version)
        .limit(1)
        .correlate(stored_document)
        .scalar_subquery()
    )
    current = exists().where(named.c.client == _d.client, named.c.name == _d.name, named.c.version == newest)
    old = (_d.retired_at.is_(None), _d.used_on < day_of(at - unused), ~current)
    return await unit.run(stored_document.update().where(*old).values(retired_at=at))
