"""救济途径: what an institution says can be done about an answer, in versions. A letter says what was in force then."""

from datetime import datetime

from sqlalchemy import select

from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid
from objections.tables import remedy
from objections.wording import REMEDY

LONGEST = 500


async def set_(unit: WriteUnit, institution_id: str, sentence: str, *, at: datetime) -> int | None:
    """From now on an institution says this; the version, or None when it says so already. Raises `Invalid`."""
    said = sentence.strip()
    if not 1 <= len(said) <= LONGEST or not all(one.isprintable() for one in said):
        raise Invalid(Detail(("sentence",), "LENGTH", f"1..{LONGEST}"))
    await unit.alone(f"remedy of {institution_id}")
    r = remedy.c
    last = await unit.first(
        select(remedy).where(r.institution_id == institution_id).order_by(r.version.desc()).limit(1)
    )
    if last is not None and last.sentence == said:
        return None
    version = 1 if last is None else last.version + 1
    row = {"institution_id": institution_id, "version": version, "sentence": said, "since": at}
    await unit.run(remedy.insert().values(row))
    return version


async def in_force(unit: Unit, institution_id: str, *, at: datetime) -> str:
    """What it said at an instant; of one that has said nothing, what the law leaves to anybody."""
    r = remedy.c
    said = select(r.sentence).where(r.institution_id == institution_id, r.since <= at)
    row = await unit.first(said.order_by(r.version.desc()).limit(1))
    return str(row.sentence) if row is not None else REMEDY
