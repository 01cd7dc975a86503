"""The rejected rows as a file: the columns that were sent, the line and the reason; to correct and send again."""

import csv
from types import TracebackType
from typing import IO, Any

from intake import files
from intake.errors import RowRefused
from intake.files import Row, Sheet
from intake.layouts import LINE, REASON


class Rejected:
    """Writes `FILE.rejected.csv`. It appears whole when loading ends, or not at all when nothing was rejected."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.path = sheet.path.with_name(sheet.path.stem + ".rejected.csv")
        self._partial = self.path.with_suffix(".csv.partial")
        self._file: IO[str] | None = None
        self._writer: Any = None
        self.count = 0

    def add(self, row: Row, error: RowRefused) -> None:
        """One rejected row."""
        if self._file is None:
            self._file = self._partial.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow([*files.header(self._sheet), LINE, REASON])
        kept = files.without_ours(self._sheet, row.cells)
        self._writer.writerow([*kept, row.line, error.reason])
        self.count += 1

    def __enter__(self) -> "Rejected":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._partial.replace(self.path)
        elif kind is None:
            self.path.unlink(missing_ok=True)
