"""Documents that wait to be set and signed, one after another, the one that has waited longest first: a duty's work.

Read, set and signed outside any transaction; then one commit gives the blob its row and the document its PDF. Killed
before, it is set again from the same rows; a file without a row is swept.
"""

from abc import ABC, abstractmethod
from datetime import datetime

import structlog
from sqlalchemy import Column, ColumnElement, Table, select

from core.database import Database
from core.statements import Row, Statement
from core.vault import Tampered
from credit.typeset.certificates import SigningFailed
from credit.typeset.setter import SettingFailed

PAUSE_SECONDS = 2.0
MEDIA_TYPE = "application/pdf"
_MOST_UNPRINTABLE = 100


class Press(ABC):
    """Sets the rows of a table that `waits` holds for, by `since`; whoever derives it says how one is made and kept.

    What nobody can print is said once in the log and left until the process is another: the next must not wait for it.
    """

    def __init__(self, database: Database, rows: Table, *, waits: ColumnElement[bool], since: Column[datetime]) -> None:
        self._database = database
        self._rows, self._waits, self._since = rows, waits, since
        self._any = Statement(select(rows.c.id).where(waits).limit(1))
        self._unprintable: list[str] = []

    async def run_once(self, at: datetime) -> float:
        """Print what has waited longest; in how many seconds to look again."""
        row = await self._next()
        if row is None:
            return PAUSE_SECONDS
        try:
            pdf = await self._print(row)
        except (Tampered, SettingFailed, SigningFailed) as error:
            self._unprintable = [*self._unprintable, row.id][-_MOST_UNPRINTABLE:]
            log = structlog.get_logger("haihe.credit")
            log.error("unprintable", document=self._rows.name, id=row.id, kind=type(error).__name__)
            return 0.0
        await self._keep(row, pdf, at)
        return 0.0

    async def _next(self) -> Row | None:
        """The idle question is compiled once; what leaves out the unprintable is asked when there is an answer."""
        async with self._database.reading() as unit:
            if await unit.first(self._any) is None:
                return None
            id_ = self._rows.c.id
            waiting = select(self._rows).where(self._waits, id_.not_in(self._unprintable))
            return await unit.first(waiting.order_by(self._since, id_).limit(1))

    @abstractmethod
    async def _print(self, row: Row) -> bytes:
        """The signed PDF; raises `Tampered`, `SettingFailed` or `SigningFailed`."""

    @abstractmethod
    async def _keep(self, row: Row, pdf: bytes, at: datetime) -> None:
        """In one commit; of two that made the same one, the second keeps nothing."""
