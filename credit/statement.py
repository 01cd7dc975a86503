"""本人声明: what a subject says beside a record of its own, shown wherever that is (征信业管理条例 16 as a model).

It changes nothing of what the provider said, and the record counts as before.
"""

import unicodedata
from datetime import datetime

from sqlalchemy import select

from audit.lens import Lens
from core.database import WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.identity import mask_numbers_in
from core.statements import Row
from credit import changes, versions
from credit.changes import Face
from credit.kinds import RecordStatus
from credit.tables import record

# CHOICE: a few sentences; a dispute with evidence is an objection (Art. 12).
LONGEST = 300
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")


async def attach(unit: WriteUnit, lens: Lens, record_id: str, text: str, *, expected: int, at: datetime) -> bool:
    """Put a statement beside one's own record, in place of an earlier one. False when it stands there already.

    Raises `Invalid` for the text, `VersionChanged`, and `NotAvailable` for another's record or a withdrawn one.
    """
    wanted = _checked(text)
    row = await _own(unit, lens, record_id)
    if row.status == RecordStatus.WITHDRAWN.value:
        raise NotAvailable()
    if row.statement == wanted:
        return False
    if row.version != expected:
        raise VersionChanged()
    await _say(unit, row, wanted, at)
    return True


async def withdraw(unit: WriteUnit, lens: Lens, record_id: str, *, at: datetime) -> bool:
    """Take one's statement away. False when none stands there; raises `NotAvailable` for another's record."""
    row = await _own(unit, lens, record_id)
    if row.statement is None:
        return False
    await _say(unit, row, None, at)
    return True


async def _say(unit: WriteUnit, row: Row, text: str | None, at: datetime) -> None:
    await versions.change(unit, row, {"statement": text}, at=at)
    await changes.tell(unit, [Face.of(row)], at=at)


async def _own(unit: WriteUnit, lens: Lens, record_id: str) -> Row:
    mine = (record.c.id == record_id, record.c.subject_id == lens.subject_id)
    row = await unit.first(select(record).where(*mine).with_for_update())
    if row is None:
        raise NotAvailable()
    return row


def _checked(text: str) -> str:
    """The text as it is kept: no characters that nobody sees, identity numbers masked. Raises `Invalid`."""
    wanted = text.strip()
    if not 1 <= len(wanted) <= LONGEST:
        raise Invalid(Detail(("text",), "LENGTH", f"1..{LONGEST}"))
    if any(unicodedata.category(character) in _INVISIBLE and character != "\n" for character in wanted):
        raise Invalid(Detail(("text",), "CONTROL_CHARACTER"))
    return mask_numbers_in(wanted)
