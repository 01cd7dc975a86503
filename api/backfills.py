"""What `haihe backfill` can make again, over every context's sealed columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from core import backfill
from core.backfill import SealedColumn
from core.blobs import blob
from core.database import Database
from core.keys import KeyRings, Purpose
from credit import resealing as of_credit
from grants import resealing as of_grants
from intake import resealing as of_intake
from notices import resealing as of_notices
from objections import resealing as of_objections
from oversight.industry import resealing as of_industry

SEALED: tuple[SealedColumn, ...] = (
    *of_credit.SEALED,
    *of_notices.SEALED,
    *of_intake.SEALED,
    *of_objections.SEALED,
    *of_grants.SEALED,
    *of_industry.SEALED,
    SealedColumn(blob.c.key_sealed),
)


@dataclass(frozen=True)
class Backfill:
    """One backfill: which ring's change it follows, and the columns it makes again."""

    purpose: Purpose
    columns: tuple[SealedColumn, ...]

    @property
    def hashes(self) -> bool:
        """Whether it makes look-up hashes, rather than sealed values."""
        return self.purpose is Purpose.LOOKUP


BACKFILLS: Mapping[str, Backfill] = {
    Purpose.DATA.value: Backfill(Purpose.DATA, SEALED),
    Purpose.LOOKUP.value: Backfill(Purpose.LOOKUP, tuple(sealed for sealed in SEALED if sealed.hashed is not None)),
}


async def is_done(database: Database, rings: KeyRings, wanted: Backfill) -> bool:
    """Whether nothing stored needs any key of the ring but the active one."""
    kid = rings.active(wanted.purpose).kid
    async with database.reading() as unit:
        found = [await backfill.finished(unit, sealed, kid, hashes=wanted.hashes) for sealed in wanted.columns]
    return all(found)
