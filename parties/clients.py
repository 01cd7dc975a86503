"""Registered clients: programs of a party, each acting as a system account of it, and the public keys that prove them.

Only public keys are stored. What a client signed is taken once: the assertion's name is kept until it has expired.
"""

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete, select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.ids import new_id
from core.moments import day_of, rfc3339
from core.paging import Order, Page, PageRequest
from core.principal import Scope
from core.statements import Row
from parties import admission, capacity, links
from parties.errors import KidTaken
from parties.hiring import LONGEST_LABEL
from parties.kinds import PartyKind, Post
from parties.links import Owner
from parties.tables import client, client_assertion, client_key, party, staff

# The built-in issuer, whose names are client ids.
ISSUER = "urn:haihe:clients"
# CHOICE: a key that nobody has to change is never changed.
LONGEST_KEY_LIFE = timedelta(days=731)
_PUBLIC = ("kty", "crv", "x", "y")
RETIRED = "RETIRED"
_LONGEST_KID, _COORDINATE_BYTES = 64, 32
_CLIENTS = select(
    client.c.id, client.c.staff_id, client.c.scopes, client.c.created_at, staff.c.label, staff.c.store_id
).join(staff, staff.c.id == client.c.staff_id)
_NEWEST = Order(client.c.created_at, client.c.id, write=rfc3339, read=datetime.fromisoformat)


@dataclass(frozen=True)
class NewKey:
    """A public key as its party gives it: P-256, for a time."""

    kid: str
    jwk: Mapping[str, str]
    valid_from: datetime
    valid_until: datetime

    def faults(self, at: datetime) -> list[Detail]:
        """Every rule it breaks."""
        named = 1 <= len(self.kid) <= _LONGEST_KID and self.kid.isascii() and self.kid.isprintable()
        rules = (
            ("kid", "KEY_FORMAT", str(_LONGEST_KID), not named),
            ("jwk", "KEY_P256", None, not is_p256(self.jwk)),
            ("validUntil", "PAST", None, self.valid_until <= max(at, self.valid_from)),
            (
                "validUntil",
                "TERM_TOO_LONG",
                f"P{LONGEST_KEY_LIFE.days}D",
                self.valid_until - self.valid_from > LONGEST_KEY_LIFE,
            ),
        )
        return [Detail((path,), code, limit) for path, code, limit, broken in rules if broken]


async def register(
    unit: WriteUnit,
    party_id: str,
    *,
    label: str,
    scopes: Collection[Scope],
    store_id: str | None = None,
    at: datetime,
) -> str:
    """A client of a party; its id, which is also the name in its tokens. It acts as an account made with it: a kiosk
    of the institution, a system of anybody else.

    Raises `NotAvailable` for no active party, and `Invalid` for scopes that no program of such a party has. Whoever
    calls this has seen that the store is the party's.
    """
    row = await unit.first(
        select(party.c.kind, party.c.institution).where(party.c.id == party_id, party.c.state == "ACTIVE")
    )
    if row is None:
        raise NotAvailable()
    covered = capacity.of_client(PartyKind(row.kind), institution=row.institution)
    rules = (
        ("label", "LENGTH", f"1..{LONGEST_LABEL}", not 1 <= len(label.strip()) <= LONGEST_LABEL),
        ("scopes", "SCOPES_OF_KIND", ", ".join(sorted(covered)), not (scopes and covered >= set(scopes))),
        ("storeId", "STORE_OF_TILL", None, (Scope.CLAIM_REDEEM in scopes) != (store_id is not None)),
    )
    broken = [Detail((path,), code, limit) for path, code, limit, wrong in rules if wrong]
    if broken:
        raise Invalid(*broken)
    client_id = new_id("cli")
    post = Post.KIOSK if row.institution else Post.SYSTEM
    staff_id = await admission.employ(unit, party_id, label=label.strip(), post=post, store_id=store_id)
    await unit.run(
        client.insert().values(
            id=client_id, party_id=party_id, staff_id=staff_id, scopes=sorted(set(scopes)), created_at=at
        )
    )
    await links.link(unit, issuer=ISSUER, name=client_id, owner=Owner(staff_id=staff_id))
    return client_id


async def add_key(unit: WriteUnit, party_id: str, client_id: str, key: NewKey, *, at: datetime) -> str:
    """A public key of a party's client; the key's id. Only the public members are kept.

    Raises `NotAvailable` for another's client, `Invalid`, and `KidTaken`: a name once used is never another key's.
    """
    if await unit.first(select(client.c.id).where(client.c.id == client_id, client.c.party_id == party_id)) is None:
        raise NotAvailable()
    broken = key.faults(at)
    if broken:
        raise Invalid(*broken)
    made = await unit.first(
        unit.insert(client_key)
        .values(
            id=new_id("key"),
            client_id=client_id,
            kid=key.kid,
            jwk={name: key.jwk[name] for name in _PUBLIC},
            valid_from=key.valid_from,
            valid_until=key.valid_until,
        )
        .on_conflict_do_nothing()
        .returning(client_key.c.id)
    )
    if made is None:
        raise KidTaken()
    return str(made.id)


async def retire_key(unit: WriteUnit, party_id: str, key_id: str) -> bool:
    """A key of the party's is good no more, nor are the tokens it was shown for; False when it was retired before.

    From the next request on, and for good: a retired key is not lifted as a frozen one is. Raises `NotAvailable`.
    """
    own = client_key.c.client_id.in_(select(client.c.id).where(client.c.party_id == party_id))
    mine = (client_key.c.id == key_id, own)
    retired = client_key.update().where(*mine, client_key.c.state != RETIRED)
    if await unit.run(retired.values(state=RETIRED, epoch=client_key.c.epoch + 1)) == 1:
        return True
    if await unit.first(select(client_key.c.id).where(*mine)) is None:
        raise NotAvailable()
    return False


async def page(unit: Unit, party_id: str, request: PageRequest) -> Page[Row]:
    """A party's clients, newest first."""
    return await _NEWEST.read_page(unit, _CLIENTS.where(client.c.party_id == party_id), request)


async def find(unit: Unit, party_id: str, client_id: str) -> Row:
    """One client of a party; raises `NotAvailable`."""
    row = await unit.first(_CLIENTS.where(client.c.id == client_id, client.c.party_id == party_id))
    if row is None:
        raise NotAvailable()
    return row


async def client_of(unit: Unit, key_id: str) -> str:
    """The client whose key this is; raises `NotAvailable`."""
    row = await unit.first(select(client_key.c.client_id).where(client_key.c.id == key_id))
    if row is None:
        raise NotAvailable()
    return str(row.client_id)


async def keys(unit: Unit, client_ids: Collection[str]) -> Mapping[str, list[Row]]:
    """Clients' keys by client, as they came; never what is in them."""
    c = client_key.c
    query = select(c.id, c.client_id, c.kid, c.valid_from, c.valid_until, c.state)
    found: dict[str, list[Row]] = {id_: [] for id_ in client_ids}
    for row in await unit.all(query.where(c.client_id.in_(list(client_ids))).order_by(c.valid_from, c.id)):
        found[row.client_id].append(row)
    return found


async def key_of(unit: Unit, client_id: str, kid: str, *, at: datetime) -> Row | None:
    """The client's live key of that name, with its party and scopes; None when anything on the way is out."""
    today = day_of(at)
    row = await unit.first(
        select(
            client_key.c.id,
            client_key.c.jwk,
            client.c.scopes,
            party.c.id.label("party_id"),
            party.c.kind,
            party.c.institution,
            staff.c.post,
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


def is_p256(jwk: Mapping[str, Any]) -> bool:
    """Whether it is a point of the curve, written as RFC 7518 6.2.1 has it: a key that proves nothing helps nobody."""
    if (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
        return False
    try:
        x, y = (_coordinate(jwk[name]) for name in ("x", "y"))
        ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (KeyError, ValueError):
        return False
    return True


def _coordinate(text: str) -> int:
    raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if len(raw) != _COORDINATE_BYTES:
        raise ValueError("a coordinate of P-256 has 32 bytes")
    return int.from_bytes(raw)
