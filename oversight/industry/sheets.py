"""A department's own indicators, as sheets (Art. 9): brought under its own number, and read by a duty (`taking`).

The number is the key: the same file under it again is the same sheet, another one is refused.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import func, select

from core import uploads
from core.blobs import Blobs
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.ids import new_id
from core.moments import rfc3339
from core.paging import Order, Page, PageRequest
from core.statements import Row
from core.uploads import Owner
from oversight.industry import models
from oversight.industry.errors import SheetNumberUsed, SheetsWaiting
from oversight.industry.models import IndustryModelState
from oversight.industry.tables import industry_sheet, industry_sheet_reject
from parties.errors import WrongState

# CHOICE: of one department at a time; each takes the duty some seconds.
MOST_WAITING = 5
_s, _j = industry_sheet.c, industry_sheet_reject.c
_NEWEST = Order(_s.uploaded_at, _s.id, write=rfc3339, read=datetime.fromisoformat)
_IN_ORDER = Order(_j.number, _j.sheet_id, write=str, read=int, ascending=True)
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
TAKES = (IndustryModelState.REVIEWED, IndustryModelState.LIVE)


class IndustrySheetState(Enum):
    """WAITING to be read; TAKEN, with rows that were not; or REFUSED as a whole."""

    WAITING = "WAITING"
    TAKEN = "TAKEN"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class Brought:
    """A file that was uploaded, under the department's number for it; `whole`: one bad row refuses all."""

    model_id: str
    number: str
    upload_id: str
    whole: bool


async def bring(
    unit: WriteUnit, blobs: Blobs, brought: Brought, *, party_id: str, by: str, at: datetime
) -> tuple[str, bool]:
    """A sheet that waits to be read; its id, and whether it was here before. Raises `Invalid`, `NotAvailable`,
    `WrongState` for a version that takes none, `SheetNumberUsed`, `SheetsWaiting` and `VersionChanged`."""
    if not _NUMBER.fullmatch(brought.number):
        raise Invalid(Detail(("number",), "SHEET_NUMBER"))
    model = await models.find(unit, brought.model_id, party_id=party_id)
    await uploads.take(unit, brought.upload_id, owner=Owner(party_id=party_id))
    file = await blobs.find(unit, brought.upload_id)
    numbered = (_s.party_id == party_id, _s.number == brought.number)
    before = await unit.first(select(industry_sheet).where(*numbered))
    if before is not None:
        if (before.sha256, before.model_id, before.whole) != (file.sha256, model.id, brought.whole):
            raise SheetNumberUsed()
        await blobs.remove(unit, brought.upload_id)
        return before.id, True
    if IndustryModelState(model.state) not in TAKES:
        raise WrongState()
    await _check_waiting(unit, party_id)
    row = {
        "id": new_id("ish"),
        "party_id": party_id,
        "model_id": model.id,
        "number": brought.number,
        "sha256": file.sha256,
        "blob_id": brought.upload_id,
        "whole": brought.whole,
        "state": IndustrySheetState.WAITING.value,
        "taken": 0,
        "rejected": 0,
        "uploaded_by": by,
        "uploaded_at": at,
    }
    new = unit.insert(industry_sheet).values(row)
    if await unit.run(new.on_conflict_do_nothing(index_elements=["party_id", "number"])) != 1:
        raise VersionChanged()
    return str(row["id"]), False


async def find(unit: Unit, id: str, *, party_id: str) -> Row:
    """One of a department's own; raises `NotAvailable`."""
    row = await unit.first(select(industry_sheet).where(_s.id == id, _s.party_id == party_id))
    if row is None:
        raise NotAvailable()
    return row


async def page(unit: Unit, request: PageRequest, *, party_id: str) -> Page[Row]:
    """A department's, newest first."""
    return await _NEWEST.read_page(unit, select(industry_sheet).where(_s.party_id == party_id), request)


async def rejects(unit: Unit, sheet_id: str, request: PageRequest) -> Page[Row]:
    """The rows of a department's own sheet that were not taken, in the file's order."""
    return await _IN_ORDER.read_page(unit, select(industry_sheet_reject).where(_j.sheet_id == sheet_id), request)


async def _check_waiting(unit: WriteUnit, party_id: str) -> None:
    await unit.alone(f"industry sheets {party_id}")
    waiting = (_s.party_id == party_id, _s.state == IndustrySheetState.WAITING.value)
    row = await unit.first(select(func.count()).select_from(industry_sheet).where(*waiting))
    if row is not None and row[0] >= MOST_WAITING:
        raise SheetsWaiting(limit=str(MOST_WAITING))
