"""The district that a person says they live in. It is asked of nobody, checked against nothing, and used for offers
alone; without it they have none, and taking it back deletes it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from audit.lens import Lens
from core import installation
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, VersionChanged
from core.installation import Kind
from core.moving import Merger, Moved, held
from core.statements import Row
from credit import districts, subjects
from credit.kinds import SubjectKind
from credit.tables import residence


async def find(unit: Unit, lens: Lens) -> Row | None:
    """What the lens's subject stated, or None."""
    return await unit.first(select(residence).where(residence.c.subject_id == lens.subject_id))


async def choices(unit: Unit) -> Sequence[str]:
    """The districts of this city."""
    return districts.of_city(demonstration=await installation.kind_of(unit) is Kind.DEMONSTRATION)


async def state(unit: WriteUnit, lens: Lens, district: str, *, at: datetime) -> bool:
    """Say where the lens's subject lives, in place of what was said before; False when it was said already.

    Raises `Invalid` for what is no district of this city, and for whoever lives nowhere: an organisation.
    """
    if district not in await choices(unit):
        raise Invalid(Detail(("district",), "UNKNOWN"))
    if (await subjects.behind(unit, lens)).kind is not SubjectKind.NATURAL_PERSON:
        raise Invalid(Detail(("district",), "SUBJECT_KIND"))
    said = {"residence_district": district, "stated_at": at}
    entered = unit.insert(residence).values(subject_id=lens.subject_id, **said)
    anew = entered.on_conflict_do_update(
        index_elements=["subject_id"], set_=said, where=residence.c.residence_district != district
    )
    return await unit.first(anew.returning(residence.c.subject_id)) is not None


async def forget(unit: WriteUnit, lens: Lens, district: str) -> bool:
    """Delete what the lens's subject stated; False when there was nothing. Raises `VersionChanged` when another
    district is stated by now."""
    same = residence.c.residence_district == district
    if await unit.run(residence.delete().where(residence.c.subject_id == lens.subject_id, same)) == 1:
        return True
    if await find(unit, lens) is not None:
        raise VersionChanged()
    return False


async def move(unit: WriteUnit, merger: Merger) -> Sequence[Moved]:
    """One statement for two subjects who are one: the kept one's own, else the absorbed one's."""
    theirs, own = await held(unit, residence.c.subject_id, merger)
    if not theirs:
        return []
    row = theirs[0]
    await unit.run(residence.delete().where(residence.c.subject_id == merger.absorbed))
    if not own:
        await unit.run(residence.insert().values({**row._asdict(), "subject_id": merger.kept}))
    # Not the district: whoever takes it back takes it back.
    return [Moved(residence.name, [merger.absorbed], {"moved": not own})]
