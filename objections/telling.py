"""On paper the applicant has been told once the letter is handed over or posted: that ends the case, and its mark."""

from datetime import datetime

from core.database import WriteUnit
from core.errors import VersionChanged
from objections import deciding, moving
from objections.errors import CaseClosed, LetterNotReady
from objections.kinds import Delivery
from objections.moving import Officer, Read


async def tell(unit: WriteUnit, officer: Officer, read: Read, way: Delivery, *, at: datetime) -> None:
    """A decided case's letter has left, this way. Raises `NotAvailable`, `CaseClosed`, `WrongStep` for one that is not
    decided or waits for an approval, `LetterNotReady` and `VersionChanged`."""
    row = await moving.find(unit, officer, read.id)
    if row.ended_at is not None:
        raise CaseClosed()
    if row.version != read.version:
        raise VersionChanged()
    if row.decided_at is not None and row.letter_id is None:
        raise LetterNotReady()
    await deciding.close(unit, row, by=officer.staff_id, way=way, at=at)
