"""Setting and signing issued reports, one after another, beside everything else: a duty.

Read, set and signed outside any transaction; then one commit gives the blob its row and the report its PDF. Killed
before, it is set again from the same snapshot; a file without a row is swept.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TYPE_CHECKING

import orjson
import structlog
from sqlalchemy import select

from core.blobs import Blobs
from core.database import Database
from core.statements import Row, Statement
from core.vault import Tampered
from credit import reports
from credit.tables import report
from credit.typeset import layout
from credit.typeset.certificates import SigningFailed
from credit.typeset.setter import Setter, SettingFailed
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

_log = structlog.get_logger("haihe.credit")
PAUSE_SECONDS = 2.0
_MOST_UNPRINTABLE = 100
MEDIA_TYPE = "application/pdf"
_UNPRINTED = Statement(select(report.c.id).where(report.c.pdf_id.is_(None)).limit(1))


class Printer:
    """Sets reports. `link` makes what the QR code opens of number and code, `signer` says who signs now."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        setter: Setter,
        *,
        link: Callable[[str, str], str],
        signer: "Callable[[], SimpleSigner]",
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._setter = setter
        self._link = link
        self._signer = signer
        self._unprintable: list[str] = []

    async def run_once(self, at: datetime) -> float:
        """Print the report that has waited longest; in how many seconds to look again."""
        waiting = select(report).where(report.c.pdf_id.is_(None), report.c.id.not_in(self._unprintable))
        async with self._database.reading() as unit:
            if await unit.first(_UNPRINTED) is None:
                return PAUSE_SECONDS
            row = await unit.first(waiting.order_by(report.c.issued_at).limit(1))
        if row is None:
            return PAUSE_SECONDS
        try:
            pdf = await self._print(row)
        except (Tampered, SettingFailed, SigningFailed) as error:  # the next must not wait for one nobody can print
            self._unprintable = [*self._unprintable, row.id][-_MOST_UNPRINTABLE:]
            _log.error("report_unprintable", report=row.id, kind=type(error).__name__)
            return 0.0
        await self._keep(row, pdf, at)
        return 0.0

    async def _print(self, row: Row) -> bytes:
        """Set in another process, signed in a thread: the key stays here."""
        async with self._database.reading() as unit:
            said, code = reports.snapshot_of(unit, row), reports.code_of(unit, row)
        page = layout.of(orjson.loads(said))
        made = await self._setter.pdf(page, code=code, link=self._link(row.number, code), at=row.issued_at)
        from credit.typeset import signing

        return await asyncio.to_thread(signing.signed, made, self._signer())

    async def _keep(self, row: Row, pdf: bytes, at: datetime) -> None:
        """Blob and report in one commit; of two that printed the same report, the second keeps nothing."""
        draft = await self._blobs.write(_whole(pdf), at=at)
        async with self._database.writing() as unit:
            kept = await self._blobs.keep(unit, draft, media_type=MEDIA_TYPE, at=at)
            unprinted = report.update().where(report.c.id == row.id, report.c.pdf_id.is_(None))
            if await unit.run(unprinted.values(pdf_id=kept.id)) != 1:
                await self._blobs.remove(unit, kept.id)
            elif row.party_id is None:
                await changes.tell(unit, Change(row.subject_id, ChangeKind.REPORT, row.id, 2), at=at)


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data
