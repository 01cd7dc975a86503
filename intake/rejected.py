"""The rejected rows as a file: the columns that were sent, the line and the reason; to correct and send again."""

import csv
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from intake import files
from intake.files import Row, Sheet
from intake.findings import Finding
from intake.layouts import LINE, REASON


def path_for(path: Path) -> Path:
    """Where the rejected rows of a file go."""
    return path.with_name(path.stem + ".rejected.csv")


class Rejected:
    """Writes `FILE.rejected.csv`. It appears whole when loading ends, and not at all when loading breaks off.

    An earlier one may hold corrections that were not sent yet: it is put aside as `….csv.previous`, never deleted.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.path = path_for(sheet.path)
        self._partial = self.path.with_suffix(".csv.partial")
        self._file: IO[str] | None = None
        self._writer: Any = None
        self.count = 0

    def add(self, row: Row, finding: Finding) -> None:
        """One rejected row."""
        if self._file is None:
            self._file = self._partial.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow([*files.header(self._sheet), LINE, REASON])
        self._writer.writerow([*files.without_ours(row), row.line, finding.sentence])
        self.count += 1

    def __enter__(self) -> "Rejected":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        if self._file is not None and kind is None:
            if self.path.exists():
                self.path.replace(self.path.with_suffix(".csv.previous"))
            self._partial.replace(self.path)
