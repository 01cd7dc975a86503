"""Setting and signing issued reports, one after another, beside everything else (`credit.press`)."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import orjson

from core.blobs import Blobs
from core.database import Database
from core.statements import Row
from credit import reports
from credit.press import MEDIA_TYPE, Press
from credit.tables import report
from credit.typeset import layout
from credit.typeset.setter import Setter
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner


class Printer(Press):
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
        super().__init__(database, report, waits=report.c.pdf_id.is_(None), since=report.c.issued_at)
        self._blobs = blobs
        self._setter = setter
        self._link = link
        self._signer = signer

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
        draft = await self._blobs.write_whole(pdf, at=at)
        async with self._database.writing() as unit:
            kept = await self._blobs.keep(unit, draft, media_type=MEDIA_TYPE, at=at)
            unprinted = report.update().where(report.c.id == row.id, report.c.pdf_id.is_(None))
            if await unit.run(unprinted.values(pdf_id=kept.id)) != 1:
                await self._blobs.remove(unit, kept.id)
            elif row.party_id is None:
                await changes.tell(unit, Change(row.subject_id, ChangeKind.REPORT, row.id, 2), at=at)
