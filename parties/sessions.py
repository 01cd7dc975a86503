"""Sessions of the built-in sign-in, and the codes by which the app hears of them. Used by demonstrations only.

What a browser or an app holds is a random key; the row knows its hash. What must not be forgotten stands here, not in
Redis: that a session has ended, and that a code was taken.
"""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select

from core.database import Unit, WriteUnit
from core.statements import Row
from parties.tables import app_code, app_session

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
CODE_LIFE = timedelta(seconds=60)


@dataclass(frozen=True)
class Code:
    """What a code stands for, and all that it is bound to. `scope` is space-separated."""

    session_id: str
    client_id: str
    redirect_uri: str
    challenge: str
    scope: str
    organisation: str | None
    mandate: str | None


async def begin(unit: WriteUnit, *, issuer: str, name: str, at: datetime) -> str:
    """A new session of a sign-in; its key, said once. What has run out is forgotten on the way."""
    await unit.run(delete(app_session).where(app_session.c.idle_at <= at))
    key = secrets.token_urlsafe(32)
    times = {"idle_at": at + IDLE, "ends_at": at + LONGEST}
    await unit.run(app_session.insert().values(id=_hashed(key), issuer=issuer, name=name, **times))
    return key


async def touch(unit: WriteUnit, key: str, *, at: datetime) -> Row | None:
    """The live session of a key (id, issuer, name), idle from now on for half an hour again; None for any other key."""
    renewed = app_session.update().where(_live(_hashed(key), at)).values(idle_at=at + IDLE)
    return await unit.first(renewed.returning(app_session.c.id, app_session.c.issuer, app_session.c.name))


async def of(unit: Unit, session_id: str, *, at: datetime) -> Row | None:
    """The live session with this id, or None."""
    return await unit.first(select(app_session.c.name).where(_live(session_id, at)))


async def end(unit: WriteUnit, key: str) -> None:
    """End a session, and the codes that were given in it."""
    await unit.run(delete(app_code).where(app_code.c.session_id == _hashed(key)))
    await unit.run(delete(app_session).where(app_session.c.id == _hashed(key)))


async def give(unit: WriteUnit, code: Code, *, at: datetime) -> str:
    """A code for a minute; its text, said once. What nobody came for is forgotten on the way."""
    await unit.run(delete(app_code).where(app_code.c.expires_at <= at))
    text = secrets.token_urlsafe(32)
    await unit.run(app_code.insert().values(id=_hashed(text), expires_at=at + CODE_LIFE, **asdict(code)))
    return text


async def take(unit: WriteUnit, text: str, *, at: datetime) -> Row | None:
    """What a code stands for; None when it was taken before, ran out, or never was. One DELETE decides who takes it.

    A code is taken by being tried: whoever tries it with the wrong verifier has burnt it.
    """
    found = await unit.first(delete(app_code).where(app_code.c.id == _hashed(text)).returning(app_code))
    return found if found is not None and found.expires_at > at else None


def _live(session_id: str, at: datetime) -> ColumnElement[bool]:
    return and_(app_session.c.id == session_id, app_session.c.idle_at > at, app_session.c.ends_at > at)


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
