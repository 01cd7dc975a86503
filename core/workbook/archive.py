"""A zip that anybody may have made, unpacked piece by piece within bounds, whatever it declares of itself."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

# CHOICE: 200,000 rows of the widest layout in short texts are 14 MiB packed and 200 MiB unpacked; prose is longer.
LARGEST, MOST_UNPACKED, MOST_PARTS = 64 << 20, 512 << 20, 1_000
# What Apache POI allows too: sheets as spreadsheets write them are packed some ten to forty times. Small parts are
# not asked.
MOST_RATIO, _NOT_ASKED = 100, 1 << 20
_LARGEST_SMALL = 8 << 20
# zipfile reads the directory of all parts at once and makes an object of each entry.
_MOST_AT_ONCE = 256 << 10
# A row may be long by the texts it shares, and the rows of one piece are there together.
_CHUNK = 16 << 10
_ENCRYPTED = 0x1
_FAULTS = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, KeyError)


class Unreadable(ValueError):
    """Nothing can be read from this file. `code` is one of NOT_XLSX, OTHER_WORKBOOK, ENCRYPTED, TOO_LARGE,
    TOO_MANY_COLUMNS, ROW_TOO_LONG."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Archive:
    """An open zip; its parts are known by their names in lower case. Raises `Unreadable`."""

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > LARGEST:
            raise Unreadable("TOO_LARGE")
        self._file = _Guarded(io.FileIO(path))
        try:
            with _faults():
                self._zip = zipfile.ZipFile(self._file)
                self._parts = _checked(self._zip.infolist(), path.stat().st_size)
        except Unreadable:
            self._file.close()
            raise

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def chunks(self, name: str, most: int = MOST_UNPACKED) -> Iterator[bytes]:
        """A part, unpacked in small pieces, of no more bytes than `most`."""
        unpacked = 0
        with _faults(), self._zip.open(self._parts[name.lower()]) as part:
            while chunk := part.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > most:
                    raise Unreadable("TOO_LARGE")
                yield chunk

    def small(self, name: str) -> Iterator[bytes]:
        """The same of a part that is small in every honest workbook: styles, names of sheets, relationships."""
        return self.chunks(name, _LARGEST_SMALL)

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        self._file.close()


class _Guarded(io.BufferedReader):
    """A file of which nobody reads much at once: a directory may declare any size of its own."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > _MOST_AT_ONCE:
            raise Unreadable("TOO_LARGE")
        return super().read(size)


def _checked(parts: Sequence[zipfile.ZipInfo], size: int) -> dict[str, zipfile.ZipInfo]:
    """The parts by name; raises `Unreadable` for what they say of themselves. zipfile then reads no more of a part than
    it has said, and of the file no more than that part's own share."""
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unreadable("ENCRYPTED")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise Unreadable("NOT_XLSX")  # the others unpack without a bound of their own, and no spreadsheet uses them
    found = {part.filename.lower(): part for part in parts}
    if len(found) < len(parts) or sum(part.compress_size for part in parts) > size:
        raise Unreadable("NOT_XLSX")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable("TOO_LARGE")
    if any(part.file_size > max(_NOT_ASKED, part.compress_size * MOST_RATIO) for part in parts):
        raise Unreadable("TOO_LARGE")
    return found


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        raise error if isinstance(error, Unreadable) else Unreadable("NOT_XLSX") from None
