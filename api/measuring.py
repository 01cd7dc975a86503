"""How the channels fare, as this process sees it: each operation counted, and once a minute written down with whether
the process could serve."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from api.duties import Duty
from core.database import Database
from core.errors import DependencyDown, OutcomeUnknown
from core.principal import ANONYMOUS, Principal
from oversight.duty import availability
from oversight.duty.availability import NO_CHANNEL, Tally
from schema.errors import Answer

SECONDS = 60.0
_READY = 200


class Measured:
    """One process's count of its operations by channel."""

    def __init__(self, database: Database, state: Callable[[], Awaitable[tuple[int, str]]]) -> None:
        """`state` says whether the process could serve, as a status and a word."""
        self._database = database
        self._state = state
        self._tally = Tally()
        self._pruned: datetime | None = None

    def operation(self, principal: Principal, answer: Answer, at: datetime) -> None:
        """An operation was answered: a fault, or a dependency that was down, is ours."""
        channel = NO_CHANNEL if principal is ANONYMOUS else principal.channel.value
        self._tally.count(channel, failed=answer.status >= 500, at=at)

    def duty(self) -> Duty:
        """What writes it down; the first time a minute after the process has begun."""
        return Duty("channels.measure", self._run_once, leader_only=False)

    async def _run_once(self, at: datetime) -> float:
        if self._pruned is None:
            self._pruned = at
            return SECONDS
        status, _ = await self._state()
        self._tally.ready(is_ready=status == _READY, at=at)
        await self.write(at)
        return SECONDS

    async def write(self, at: datetime) -> None:
        """Write down what was counted so far; what cannot be is counted on. Raises `DependencyDown`."""
        taken, self._tally = self._tally, Tally()
        try:
            async with self._database.writing() as unit:
                await taken.flush(unit)
                if self._pruned is None or at.date() != self._pruned.date():
                    await availability.prune(unit, at=at)
        except OutcomeUnknown:
            raise  # it may be written down: nothing is counted twice
        except DependencyDown:
            self._tally.add(taken)
            raise
        self._pruned = at
