"""To whom an objection goes: the credit institution of the area that the value is of, or the agency that is named.

An area without an institution of its own is the city's. A credit service agency (Art. 12(3)) is named by the applicant.
"""

from dataclasses import dataclass

from core.database import Unit
from core.errors import NotAvailable
from objections.kinds import ObjectionAddressee
from objections.rules import Said
from parties import directory
from parties.kinds import PartyKind


@dataclass(frozen=True)
class Place:
    """Who handles it; `district` is the area that led there, None for the city and for an agency."""

    institution_id: str
    district: str | None = None


async def place(unit: Unit, said: Said, district: str | None) -> Place:
    """Where an objection to a value of this area (行政区划代码, None: unknown) goes. Raises `NotAvailable` for an
    addressee that is no active credit service agency."""
    if said.addressee is ObjectionAddressee.CREDIT_SERVICE_AGENCY:
        card = await directory.find(unit, said.addressee_id or "")
        if card is None or card.kind != PartyKind.CREDIT_SERVICE_AGENCY.value:
            raise NotAvailable()
        return Place(card.id)
    found = await directory.institution_of(unit, district)
    if found is None:
        raise NotAvailable()
    return Place(found.id, found.district)
