"""Who filed a case, by name, where that is not its subject: kept sealed of who came to the counter, read of who signed
in."""

from collections.abc import Collection, Mapping

from audit.lens import Audience, BasisKind, Lens
from core.database import Unit
from core.identity import mask_numbers_in
from core.statements import Row
from credit import subjects

_NAME = "objection.applicant_sealed"


def sealed(unit: Unit, id_: str, name: str | None) -> bytes | None:
    """A name as it was written down at the counter, without identity numbers, sealed for the case with this id."""
    return None if name is None else unit.vault.seal(_NAME, id_, mask_numbers_in(name.strip()))


def opened(unit: Unit, row: Row) -> str | None:
    """The name that was written down; None where nobody came to the counter for somebody else."""
    return None if row.applicant_sealed is None else unit.vault.open(_NAME, row.id, row.applicant_sealed)


async def names_of(unit: Unit, rows: Collection[Row]) -> Mapping[str, str | None]:
    """Who filed each of these cases, by the case's id; None of who filed for themselves."""
    signed_in = {row.id: row.filed_by for row in rows if row.filed_by not in (None, row.subject_id)}
    people = [Lens(Audience.SUBJECT, BasisKind.MANDATE, person_id) for person_id in signed_in.values()]
    cards = await subjects.cards(unit, people)
    named = {id_: cards[person_id].name for id_, person_id in signed_in.items() if person_id in cards}
    return {row.id: named.get(row.id) or opened(unit, row) for row in rows}
