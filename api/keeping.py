"""Keeping up with the key file: a running process uses changed rings within a second or two, without a restart.

Every process does this, whatever duties it carries. A file that cannot be read changes nothing: the rings in use stay.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog

from core import keys
from core.keys import KeyRings, KeysMissing
from core.vault import Vault

_log = structlog.get_logger("haihe.keys")
LOOK_SECONDS = 1.0


class KeyFile:
    """The installation's rings and its vault, and where they come from."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = _stamp(path)
        self.rings = keys.load(path)
        self.vault = Vault(self.rings)

    def look(self) -> bool:
        """Take the file's rings up if it has changed; whether it had."""
        stamp = _stamp(self.path)
        if stamp == self._seen:
            return False
        try:
            fresh = keys.load(self.path)
        except OSError as error:  # it may be there in a second
            _log.error("keys_not_read", kind=type(error).__name__)
            return False
        except KeysMissing as error:
            self._seen = stamp
            _log.error("keys_not_taken_up", kind=type(error).__name__)
            return False
        self._seen = stamp
        self.vault.renew(fresh)
        self.rings.take_up(fresh)
        _log.info("keys_taken_up")
        return True

    @asynccontextmanager
    async def followed(self, changed: Callable[[KeyRings], None] = lambda _: None) -> AsyncIterator[None]:
        """Look every second while the body runs, and tell of every change."""

        async def follow() -> None:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                if self.look():
                    changed(self.rings)

        following = asyncio.create_task(follow())
        try:
            yield
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following


def _stamp(path: Path) -> tuple[int, int, int]:
    """What a replaced file differs in; zeros for none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_mtime_ns, found.st_size
