"""How many operations are under way at once. Who finds no place waits a moment, and so many may wait; who finds neither
is told to come again (503) before anything is done for them. Health is asked at other paths, which need no place."""

import asyncio
from types import TracebackType

from core.errors import DependencyDown

WAIT_SECONDS = 2.0


class Places:
    """So many places, and as many to wait in."""

    def __init__(self, many: int) -> None:
        self._many = many
        self._places = asyncio.Semaphore(many)
        self.waiting = 0

    async def __aenter__(self) -> None:
        """Take a place; raises `DependencyDown` when there is none to be had."""
        if not self._places.locked():
            await self._places.acquire()  # at once
            return
        if self.waiting >= self._many:
            raise DependencyDown("places")
        self.waiting += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise DependencyDown("places") from None
        finally:
            self.waiting -= 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave it to whoever waits."""
        self._places.release()
