"""Registered clients: programs of a party, each acting as a system account of it, and the public keys that prove them.

Only public keys are stored. What a client signed is taken once: the assertion's name is kept until it has expired.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select

from core.database import Unit, WriteUnit
from core.ids import new_id
from core.moments import day_of
from core.principal import Scope
from core.statements import Row
from parties import admission, links
from parties.kinds import Post
from parties.links import Owner
from parties.tables import client, client_assertion, client_key, party, staff

_PUBLIC = ("kty", "crv", "x", "y")


async def register(
    unit: WriteUnit, party_id: str, *, issuer: str, label: str, scopes: Collection[Scope], at: datetime
) -> str:
    """A client of a party; its id, which is also the name in its tokens. It acts as a system account made with it."""
    client_id = new_id("cli")
    staff_id = await admission.employ(unit, party_id, label=label, post=Post.SYSTEM)
    await unit.run(
        client.insert().values(id=client_id, party_id=party_id, staff_id=staff_id, scopes=sorted(scopes), created_at=at)
    )
    await links.link(unit, issuer=issuer, name=client_id, owner=Owner(staff_id=staff_id))
    return client_id


async def add_key(
    unit: WriteUnit, client_id: str, *, kid: str, jwk: Mapping[str, str], valid_from: datetime, valid_until: datetime
) -> str:
    """A public key of a client, for a time; the key's id. Only a P-256 key's public members are kept.

    Raises `ValueError` for any other key.
    """
    if (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256") or not all(jwk.get(name) for name in _PUBLIC):
        raise ValueError("not a P-256 public key")
    key_id = new_id("key")
    await unit.run(
        client_key.insert().values(
            id=key_id,
            client_id=client_id,
            kid=kid,
            jwk={name: jwk[name] for name in _PUBLIC},
            valid_from=valid_from,
            valid_until=valid_until,
        )
    )
    return key_id


async def key_of(unit: Unit, client_id: str, kid: str, *, at: datetime) -> Row | None:
    """The client's live key of that name, with its party and scopes; None when anything on the way is out."""
    today = day_of(at)
    row = await unit.first(
        select(
            client_key.c.id,
            client_key.c.jwk,
            client.c.scopes,
            party.c.id.label("party_id"),
            staff.c.valid_from,
            staff.c.valid_until,
        )
        .join(client, client.c.id == client_key.c.client_id)
        .join(party, party.c.id == client.c.party_id)
        .join(staff, staff.c.id == client.c.staff_id)
        .where(
            client_key.c.client_id == client_id,
            client_key.c.kid == kid,
            client_key.c.valid_from <= at,
            client_key.c.valid_until > at,
            client_key.c.state == "ACTIVE",
            staff.c.state == "ACTIVE",
            party.c.state == "ACTIVE",
        )
    )
    employed = row is not None and (row.valid_from or today) <= today <= (row.valid_until or today)
    return row if employed else None


async def take_assertion(unit: WriteUnit, client_id: str, jti: str, *, expires_at: datetime, at: datetime) -> bool:
    """Take an assertion by its name; False when it was taken before. What has expired is forgotten on the way."""
    await unit.run(delete(client_assertion).where(client_assertion.c.expires_at < at))
    taken = await unit.first(
        unit.insert(client_assertion)
        .values(client_id=client_id, jti=hashlib.sha256(jti.encode()).hexdigest(), expires_at=expires_at)
        .on_conflict_do_nothing()
        .returning(client_assertion.c.jti)
    )
    return taken is not None
