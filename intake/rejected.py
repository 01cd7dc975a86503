"""The rejected rows as a file: the columns that were sent, the line and the reason; to correct and send again."""

from pathlib import Path
from types import TracebackType

from intake import files, returning
from intake.files import Form, Row, Sheet
from intake.findings import Finding
from intake.layouts import LINE, REASON
from intake.returning import Returned


def path_for(path: Path, form: Form = Form.CSV) -> Path:
    """Where the rejected rows of a file of such a form go."""
    return path.with_name(f"{path.stem}.rejected.{form}")


class Rejected:
    """Writes `FILE.rejected.csv`, `.jsonl` or `.xlsx`, as the file itself is. It appears whole when loading ends, and
    not at all when loading breaks off.

    An earlier one may hold corrections that were not sent yet: it is put aside as `….previous`, never deleted.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.path = path_for(sheet.path, sheet.form)
        self._partial = self.path.with_name(f"{self.path.name}.partial")
        self._file: Returned | None = None
        self.count = 0

    def add(self, row: Row, finding: Finding) -> None:
        """One rejected row."""
        if self._file is None:
            header = [*files.header(self._sheet), LINE, REASON]
            self._file = returning.begin(self._partial, self._sheet.form, header)
        names = [name for name in row.names if name not in (LINE, REASON)]
        cells = files.without_ours(row)
        self._file.add([*names, LINE, REASON], [*cells, str(row.line), finding.sentence])
        self.count += 1

    def __enter__(self) -> "Rejected":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None:
            return
        if kind is not None:
            self._file.give_up()
            return
        self._file.close()
        if self.path.exists():
            self.path.replace(self.path.with_name(f"{self.path.name}.previous"))
        self._partial.replace(self.path)
