"""A zip that is written as it goes out: what is in memory does not grow with it."""

import hashlib
import zipfile
from datetime import datetime

from core.moments import CITY


class Archive:
    """One archive, a file after another. Every file is dated as the archive is, so that the same files give the same
    bytes."""

    def __init__(self, at: datetime) -> None:
        self._written = _Written()
        self._zip = zipfile.ZipFile(self._written, "w")
        self._at = at.astimezone(CITY).timetuple()[:6]

    def begin(self, name: str) -> None:
        """Begin a file."""
        info = zipfile.ZipInfo(name, self._at)
        info.compress_type = zipfile.ZIP_DEFLATED
        self._file = self._zip.open(info, "w", force_zip64=True)
        self._hash = hashlib.sha256()

    def put(self, data: bytes) -> None:
        """Some more of the file."""
        self._hash.update(data)
        self._file.write(data)

    def end(self) -> str:
        """The file is whole; its SHA-256."""
        self._file.close()
        return self._hash.hexdigest()

    def add(self, name: str, data: bytes) -> str:
        """A whole file; its SHA-256."""
        self.begin(name)
        self.put(data)
        return self.end()

    def take(self) -> bytes:
        """The bytes that are ready."""
        return self._written.take()

    def close(self) -> bytes:
        """The last bytes."""
        self._zip.close()
        return self._written.take()


class _Written:
    """What the archive writes to. It cannot be sought in, so that sizes stand behind what they are of."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes, /) -> int:
        """Take some bytes."""
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing lies between."""

    def close(self) -> None:
        """What is left is taken all the same."""

    def take(self) -> bytes:
        """What has come since the last time."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken
