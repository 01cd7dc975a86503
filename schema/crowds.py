"""Claims that come at once are one unit of work: as many as wait for an offer are taken together (`incentives.taking`).

Each is still its own operation: read, decided, shielded, answered, with its own key, its own outcome and its own look,
and the answer is built inside the transaction. What they share is the transaction: while one crowd is in it the next
one gathers, so crowds grow with load by themselves. Whoever is alone at the door does not come here, and whatever goes
wrong here sends everybody whom it concerns there (`Aside`): what cannot be done together is done one by one.
"""

import asyncio
import contextvars
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog

from audit.log import Log
from audit.looks import Look
from core import idempotency
from core.database import Database, Unit, WriteUnit
from core.errors import OutcomeUnknown, Refused
from core.idempotency import Attempt, Settled
from core.moments import day_of
from core.principal import Principal, Proof
from core.statements import Row
from credit import oneself, score, subjects
from incentives import taking
from incentives.errors import SoldOut
from incentives.taking import Apart, Wish
from schema.context import Context
from schema.documents import Operation
from schema.errors import Answer
from schema.offers import standing_of

_log = structlog.get_logger("haihe.crowds")
_MOST = 100
_TAKES = {"claimCreate"}


class Aside(Exception):
    """An operation is not done together with others: it is begun again, alone. Nothing was shown or changed."""


@dataclass(frozen=True)
class Wanted:
    """One operation's claim: of which offer, under which key, and by whom."""

    offer_id: str
    attempt: Attempt
    wish: Wish


class Seat:
    """One operation's place in a crowd: it takes, is given its claim, says what it showed, hears of the commit."""

    def __init__(self, crowds: "Crowds") -> None:
        loop = asyncio.get_running_loop()
        self._crowds = crowds
        self._taken: asyncio.Future[tuple[WriteUnit, Row]] = loop.create_future()
        self._shown: asyncio.Future[Sequence[Look]] = loop.create_future()
        self._committed: asyncio.Future[None] = loop.create_future()
        self.wanted: Wanted | None = None

    async def run(
        self,
        identified: Callable[[Unit], Awaitable[Context]],
        answered: Callable[[Context], Awaitable[dict[str, Any]]],
    ) -> Answer:
        """The answer to the operation, once it is committed. Raises `OutcomeUnknown`, and `Aside` for whatever is not
        done here, refused calls too."""
        try:
            context = await self._crowds.read(identified)
            context.seat = self
            data = await answered(context)
            await self.settle(context.looks)
        except OutcomeUnknown:
            raise
        except Exception as error:
            raise Aside from error
        finally:
            self.leave()
        return Answer(200, {"data": data})

    async def take(self, wanted: Wanted) -> tuple[WriteUnit, Row]:
        """The unit of the crowd, and the claim in it. Raises why there is none, or `Aside`."""
        if await self._crowds.is_gone(wanted):
            self._committed.set_result(None)
            raise SoldOut()
        self.wanted = wanted
        self._crowds.join(self, wanted)
        return await self._taken

    async def settle(self, looks: Sequence[Look]) -> None:
        """Return when the crowd has committed, and with it the looks of this operation. Raises `Aside`, and
        `OutcomeUnknown`."""
        if self.wanted is None and not self._committed.done():
            raise Aside
        self._shown.set_result(looks)
        await self._committed

    def leave(self) -> None:
        """However the operation ended, nobody waits for it."""
        _fail(self._shown, Aside())

    async def show(self, unit: WriteUnit, outcome: Row | Refused) -> Sequence[Look]:
        """Have the answer built; its looks. Raises `Aside` when that fails."""
        if isinstance(outcome, Refused):
            _fail(self._taken, outcome)
        else:
            self._taken.set_result((unit, outcome))
        return await self._shown

    def end(self, error: Exception | None = None) -> None:
        """It is committed; or whoever has not been told otherwise is told why not."""
        if error is None and not self._committed.done():
            self._committed.set_result(None)
        for future in (self._taken, self._committed):
            _fail(future, error or Aside())


class Hints(Protocol):
    """What is said to be gone. Nobody is refused because of it: it says where to look before waiting."""

    async def said(self, offer_id: str) -> bool:
        """Whether somebody found, a moment ago, that nothing is left."""

    def say(self, offer_id: str) -> None:
        """Nothing is left."""

    def unsay(self, offer_id: str) -> None:
        """There is something again."""


class Crowds:
    """Those of one process. `committed` is told after each commit."""

    def __init__(self, database: Database, log: Log, committed: Callable[[], None], gone: Hints | None) -> None:
        self._database = database
        self._log = log
        self._committed = committed
        self._gone = gone
        self._at_the_door = 0
        self._waiting: defaultdict[str, list[Seat]] = defaultdict(list)
        self._takers: dict[str, asyncio.Task[None]] = {}

    @contextmanager
    def door(self, operation: Operation, principal: Principal, proof: Proof | None) -> Iterator[Seat | None]:
        """A seat, when the operation is somebody's own claim and another one is being made; None for whoever goes
        alone, as everybody does who brings a proof or acts for somebody else."""
        is_claim = {reach.name for reach in operation.reaches.values()} == _TAKES
        if not is_claim or proof is not None or not principal.for_themselves:
            yield None
            return
        self._at_the_door += 1
        try:
            yield Seat(self) if self._at_the_door > 1 else None
        finally:
            self._at_the_door -= 1

    async def read(self, reading: Callable[[Unit], Awaitable[Context]]) -> Context:
        """What is read before anybody waits, in a unit of its own."""
        async with self._database.reading() as unit:
            return await reading(unit)

    async def is_gone(self, wanted: Wanted) -> bool:
        """Whether this claim would be refused at this moment because nothing is left. A hint says when to ask; what
        answers is the stock itself, and the key, to which something else may have been answered."""
        if self._gone is None or not await self._gone.said(wanted.offer_id):
            return False
        async with self._database.reading() as unit:
            if await idempotency.is_known(unit, wanted.attempt):
                return False
            if await taking.is_gone(unit, wanted.offer_id, at=wanted.wish.at):
                return True
        self._gone.unsay(wanted.offer_id)
        return False

    def join(self, seat: Seat, wanted: Wanted) -> None:
        """Wait for the offer with everybody who does."""
        self._waiting[wanted.offer_id].append(seat)
        if wanted.offer_id not in self._takers:
            taker = asyncio.create_task(self._take(wanted.offer_id), name="claims", context=contextvars.Context())
            self._takers[wanted.offer_id] = taker

    async def _take(self, offer_id: str) -> None:
        try:
            while crowd := self._next(offer_id):
                await self._settle(offer_id, crowd)
        finally:
            del self._takers[offer_id]
            for seat in self._waiting.pop(offer_id, ()):
                seat.end(Aside())

    def _next(self, offer_id: str) -> Sequence[Seat]:
        """Those who have waited longest, no two of them for the same person."""
        crowd: dict[str, Seat] = {}
        rest = []
        for seat in self._waiting[offer_id]:
            assert seat.wanted is not None
            subject_id = seat.wanted.wish.lens.subject_id
            if subject_id in crowd or len(crowd) == _MOST:
                rest.append(seat)
            else:
                crowd[subject_id] = seat
        self._waiting[offer_id] = rest
        return list(crowd.values())

    async def _settle(self, offer_id: str, crowd: Sequence[Seat]) -> None:
        """Take a crowd, and tell everybody in it."""
        ended: Exception | None = Aside()
        try:
            async with self._database.writing() as unit:
                looks, is_gone = await self._together(unit, offer_id, crowd)
            ended = None
        except OutcomeUnknown as error:
            ended = error
        except (Apart, Aside):
            pass
        except Exception as error:  # noqa: BLE001 (whatever it was, alone each meets its own)
            _log.warning("crowd_apart", kind=type(error).__name__, claims=len(crowd))
        finally:
            for seat in crowd:
                seat.end(ended)
        if ended is None:
            self._log.committed([look for look, _ in looks])
            self._committed()
            if is_gone and self._gone is not None:
                self._gone.say(offer_id)

    async def _together(
        self, unit: WriteUnit, offer_id: str, crowd: Sequence[Seat]
    ) -> tuple[Sequence[tuple[Look, datetime]], bool]:
        """The looks of a crowd, written down; and whether nothing is left."""
        wanted = [seat.wanted for seat in crowd if seat.wanted is not None]
        outcomes = await _taken(unit, offer_id, wanted)
        looks: list[tuple[Look, datetime]] = []
        for seat, one, outcome in zip(crowd, wanted, outcomes, strict=True):
            if outcome is None:
                seat.end(Aside())
            else:
                looks += [(look, one.wish.at) for look in await seat.show(unit, outcome)]
        await self._log.append_each(unit, looks)
        return looks, any(isinstance(outcome, SoldOut) for outcome in outcomes)


async def _taken(unit: WriteUnit, offer_id: str, wanted: Sequence[Wanted]) -> Sequence[Row | Refused | None]:
    """What became of each, in their order: its claim, or why there is none; None for whoever would have to be waited
    for, or has a key that is known. Strangers meet here, in one transaction and in this order: who they are, their
    scores, their keys, their claims.

    Raises `Apart` when nothing is to be done together.
    """
    days = {day_of(one.wish.at) for one in wanted}
    if len(days) > 1:
        raise Apart
    lenses = [one.wish.lens for one in wanted]
    free = await subjects.hold_free(unit, lenses)
    scored = await score.held_free(unit, lenses)
    own = await oneself.read_all(unit, lenses, at=wanted[0].wish.at)
    known = await idempotency.known(unit, [one.attempt for one in wanted])
    able = [
        one
        for one in wanted
        if (id_ := one.wish.lens.subject_id) in free
        and (own[id_].scored is None or id_ in scored)
        and one.attempt.place not in known
    ]
    if not able:
        return [None] * len(wanted)
    wishes = [(one.wish, standing_of(own[one.wish.lens.subject_id])) for one in able]
    decided = await taking.decide(unit, offer_id, wishes)
    settled = {one.attempt.place: outcome for one, outcome in zip(able, decided.outcomes, strict=True)}
    keys = [
        Settled(one.attempt, _kept(settled[one.attempt.place]), one.wish.at)
        for one in able
        if settled[one.attempt.place]
    ]
    if not await idempotency.enter(unit, keys):
        raise Apart
    entered = await taking.enter(unit, decided)
    return [_answer(settled.get(one.attempt.place), entered) for one in wanted]


def _kept(outcome: Any) -> dict[str, Any]:
    """What a key keeps of an outcome."""
    return dict(idempotency.stored(outcome)) if isinstance(outcome, Refused) else {"id": outcome["id"]}


def _answer(outcome: Any, entered: Any) -> Row | Refused | None:
    return outcome if outcome is None or isinstance(outcome, Refused) else entered[outcome["id"]]


def _fail(future: "asyncio.Future[Any]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        future.exception()  # nobody may be waiting any more
