"""Connect codes: a subject shows ten characters, and one recipient may ask them without typing a number.

A code is made from the row's random id and the key for codes, so that a repeated call is told the same one; what is
stored is its keyed hash. It holds for ten minutes, and for one request.
"""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import select

from audit.lens import Lens
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.ids import new_id
from grants.tables import connect_code

# CHOICE: long enough to read it out over a counter, too short to be of use to whoever finds it.
LIFE = timedelta(minutes=10)
_KEPT = timedelta(days=1)
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
# As people write them down: no difference between O and 0, I, L and 1.
_HEARD = str.maketrans("OIL", "011", "- ")


async def make(unit: WriteUnit, lens: Lens, *, at: datetime) -> str:
    """A fresh code for the lens's subject; its row's id. Earlier ones hold no longer."""
    c = connect_code.c
    await unit.run(connect_code.delete().where(c.expires_at < at - _KEPT))
    await unit.run(
        connect_code.update().where(c.subject_id == lens.subject_id, c.expires_at > at).values(expires_at=at)
    )
    made = new_id("cnc")
    digest = unit.vault.lookup("connect code", _code(unit.vault.code_key, made))
    await unit.run(
        connect_code.insert().values(id=made, subject_id=lens.subject_id, digest=digest, expires_at=at + LIFE)
    )
    return made


async def shown(unit: Unit, lens: Lens, code_id: str) -> tuple[str, datetime]:
    """The code of a row and until when it holds; raises `NotAvailable` once it cannot be told any more."""
    c = connect_code.c
    row = await unit.first(select(connect_code).where(c.id == code_id, c.subject_id == lens.subject_id))
    if row is not None:
        for key in unit.vault.code_keys:
            code = _code(key, code_id)
            if row.digest in unit.vault.lookups("connect code", code):
                return f"{code[:5]}-{code[5:]}", row.expires_at
    raise NotAvailable()


async def take(unit: WriteUnit, code: str, *, at: datetime) -> str:
    """The subject who shows this code, which is used up. Raises `Invalid`: which codes hold is nobody's secret."""
    c = connect_code.c
    digests = unit.vault.lookups("connect code", code.upper().translate(_HEARD))
    live = (c.digest.in_(digests), c.used_at.is_(None), c.expires_at > at)
    row = await unit.first(connect_code.update().where(*live).values(used_at=at).returning(c.subject_id))
    if row is None:
        raise Invalid(Detail(("subject", "connectCode"), "CODE_OVER"))
    return str(row.subject_id)


def _code(key: bytes, code_id: str) -> str:
    digest = hmac.digest(key, f"connect\x1f{code_id}".encode(), "sha256")
    return "".join(_ALPHABET[byte % 32] for byte in digest[:_LENGTH])
