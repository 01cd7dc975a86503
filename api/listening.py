"""Who listens in this process, how many may, and who wakes them.

One reader for all of them asks the database what has a position since it last looked, and wakes those whom it is for;
a listener then reads for itself. With Redis away it looks every `POLL_SECONDS`, and nothing is lost.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress

import structlog

from api.waking import Hint, Waking
from core.database import Database
from core.errors import DependencyDown
from notices import changes

_log = structlog.get_logger("haihe.listening")
POLL_SECONDS = 2.0
# CHOICE: a person's phones, tablets and desks; and what one process can ask the database for every few seconds.
MOST_OF_ONE, MOST_OF_ALL = 10, 1000
# CHOICE: a socket's opening takes milliseconds, and five seconds at most (`sockets.INIT_SECONDS`): of a whole office
# behind one address so many open theirs at the same moment, and one address alone shuts nobody out.
MOST_STRANGERS = 50
_LONG_SECONDS = 3600.0
_GOING_SECONDS = 3.0
_Rest = Callable[[float], Awaitable[None]]


class Heard:
    """Says to one listener that there may be something."""

    def __init__(self) -> None:
        self.event = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Wait for so long, or until there may be something."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.event.wait()
        self.event.clear()


class Listeners:
    """The listeners of one process, by whose changes they hear of."""

    def __init__(self, database: Database, waking: Waking) -> None:
        self._database = database
        self._waking = waking
        self._heard: dict[str, set[Heard]] = defaultdict(set)
        self._position = 0

    @contextmanager
    def of(self, owner_id: str) -> Iterator[Heard]:
        """A signal for as long as the body runs."""
        heard = Heard()
        self._heard[owner_id].add(heard)
        try:
            yield heard
        finally:
            self._heard[owner_id].discard(heard)
            if not self._heard[owner_id]:
                del self._heard[owner_id]

    @asynccontextmanager
    async def waking(self) -> AsyncIterator[None]:
        """Wake listeners while the body runs."""
        numbered, ended = self._waking.ear(Hint.NUMBERED), self._waking.ear(Hint.ENDED)
        async with self._waking.hearing(Hint.NUMBERED, Hint.ENDED):
            working = [asyncio.create_task(self._follow(numbered.rest)), asyncio.create_task(self._stir(ended.rest))]
            try:
                yield
            finally:
                for task in working:
                    task.cancel()
                await asyncio.wait(working)

    async def _follow(self, rest: _Rest) -> None:
        while True:
            await rest(POLL_SECONDS)
            try:
                stirred = await self._stirred()
            except DependencyDown as error:
                _log.warning("not_followed", kind=type(error.__cause__ or error).__name__)
                continue
            self._wake(stirred)

    async def _stir(self, rest: _Rest) -> None:
        """Somebody may do less than before: everybody is asked for anew."""
        while True:
            await rest(_LONG_SECONDS)
            self._wake(list(self._heard))

    async def _stirred(self) -> Collection[str]:
        if not self._heard:
            return ()
        async with self._database.reading() as unit:
            until = await changes.last(unit)
            if until == self._position:
                return ()
            found = await changes.stirred(unit, list(self._heard), after=self._position, until=until)
        self._position = until
        return found

    def _wake(self, owners: Collection[str]) -> None:
        for owner in owners:
            for heard in self._heard.get(owner, ()):
                heard.event.set()


class Room:
    """How many may come in, of one person and of all; and how they are asked to go."""

    def __init__(self) -> None:
        self._inside = 0
        self._of: Counter[str] = Counter()
        self._strangers: Counter[str] = Counter()
        self.closing = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def inside(self) -> int:
        """How many are inside."""
        return self._inside

    @contextmanager
    def entered(self) -> Iterator[bool]:
        """Whether there is room for one more connection, which is inside while the body runs."""
        has = self._inside < MOST_OF_ALL and not self.closing.is_set()
        self._inside += has
        if has:
            self._empty.clear()
        try:
            yield has
        finally:
            self._inside -= has
            if not self._inside:
                self._empty.set()

    def seated(self, person: str) -> AbstractContextManager[bool]:
        """Whether there is room for one more of this person, who is there while the body runs."""
        return _counted(self._of, person, MOST_OF_ONE)

    def greeted(self, address: str) -> AbstractContextManager[bool]:
        """Whether there is room for one more from this address who has not said who they are, while the body runs."""
        return _counted(self._strangers, address, MOST_STRANGERS)

    async def close(self) -> None:
        """Ask everybody to go, and wait until they have, or for a moment."""
        self.closing.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOING_SECONDS):
                await self._empty.wait()


@contextmanager
def _counted(found: Counter[str], name: str, most: int) -> Iterator[bool]:
    has = found[name] < most
    found[name] += has
    try:
        yield has
    finally:
        found[name] -= has
        if not found[name]:
            del found[name]
