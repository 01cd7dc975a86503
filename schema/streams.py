"""Subscriptions: decided like every document, and asked anew before each event whether its caller may still hear.

An event begins with that question, put to the database: whoever is frozen, out of their post or without their mandate
hears of nothing whose turn came after the commit that says so. Nothing is kept for a listener but their position: what
they have not heard stands in the table.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from graphql import ExecutionResult, GraphQLError, create_source_event_stream, execute_subscription_event

from core.database import Unit
from core.errors import BadCall, DependencyDown, DomainError
from core.principal import Principal, Proof
from core.statements import Row
from notices import changes
from parties.callers import identify
from parties.errors import Frozen, ProofSpent, Unknown, Unproved
from schema import errors, plain
from schema.context import Context
from schema.costs import bounded
from schema.errors import Answer
from schema.operation import Operations, refusal
from schema.requests import Asked, Request
from schema.subscriptions import Change, Ear, opened, sealer_of, shown

# A caller is asked for at least as often, whatever hint was lost.
CHECK_SECONDS = 5.0


class Ended(Exception):
    """It is over: TOKEN_EXPIRED, FORBIDDEN, PROOF_SPENT, or UNAVAILABLE when nobody can say whether one may hear."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Bearer:
    """Who listens, until when their token holds, and whether its issuer's key is still believed."""

    principal: Principal
    until: datetime
    believed: Callable[[datetime], bool]

    @property
    def person(self) -> str:
        """One word for whoever it is, whatever they act for."""
        return f"{self.principal.issuer}\x1f{self.principal.name}"


class Signal(Protocol):
    """Says that there may be something."""

    async def wait(self, seconds: float) -> None:
        """Wait for so long, or until there may be something."""


class Signals(Protocol):
    """Gives signals of one process."""

    def of(self, owner_id: str) -> AbstractContextManager[Signal]:
        """A signal for as long as the body runs."""


class Stream:
    """One subscription that has been decided and has begun."""

    def __init__(self, streams: "Streams", asked: Asked, bearer: Bearer, ear: Ear) -> None:
        self._streams = streams
        self._asked = asked
        self._bearer = bearer
        self._ear = ear
        self._executor: Any = None
        self._source: AsyncGenerator[Change, None] | None = None

    async def begin(self, context: Context) -> None:
        """Begin where the document says; raises `BadCall`, or what the executor says of its arguments."""
        context.follow = self._follow
        executor = plain.executor(self._asked.document, self._asked.operation, context, self._asked.request.variables)
        made: Any = create_source_event_stream(executor)
        source = await made if executor.is_awaitable(made) else made
        if isinstance(source, ExecutionResult):
            raise plain.first(source)
        self._executor, self._source = executor, source

    async def upcoming(self) -> Change:
        """Wait for the next change. Raises `Ended`."""
        assert self._source is not None
        return await anext(self._source)

    async def event(self, change: Change) -> Answer:
        """The event that a change becomes, if its caller may hear it at this moment. Raises `Ended`."""
        await self._streams.check(self._asked, self._bearer, self._ear)
        made: Any = execute_subscription_event(self._executor.build_per_event_executor(change))
        result = await made if self._executor.is_awaitable(made) else made
        if result.errors:
            raise plain.first(result)
        return Answer(200, {"data": result.data})

    async def aclose(self) -> None:
        """Stop listening."""
        if self._source is not None:
            await self._source.aclose()

    async def _follow(self, context: Context, after: str | None) -> AsyncGenerator[Change, None]:
        sealer = sealer_of(context)
        if after is None:
            position = await changes.last(context.unit)
        else:
            position = opened(sealer, after)
            await changes.check(context.unit, position)

        async def follow() -> AsyncGenerator[Change, None]:
            nonlocal position
            with self._streams.signals.of(self._ear.owner_id) as signal:
                while True:
                    rows = await self._streams.following(self._asked, self._bearer, self._ear, position)
                    for row in rows:
                        yield shown(row, sealer)
                        position = row.position
                    if not rows:
                        left = (self._bearer.until - self._streams.now()).total_seconds()
                        await signal.wait(max(0.0, min(CHECK_SECONDS, left)))

        return follow()


class Streams:
    """Begins subscriptions over the operations of one process. `now` is asked for each event."""

    def __init__(self, operations: Operations, signals: Signals, *, now: Callable[[], datetime]) -> None:
        self._operations = operations
        self.signals = signals
        self.now = now

    async def open(self, request: Request, bearer: Bearer, spend: Callable[[int], None]) -> Answer | Stream:
        """A stream that has begun, or why there is none. Never raises: a fault is an answer too. `spend` is told what
        beginning it costs, as of any operation (`Operations.run`)."""
        try:
            return await self._open(request, bearer, spend)
        except BadCall as refused:
            return errors.refuse_call(refused, request.language)
        except DomainError as error:
            return refusal(error, request.language)
        except GraphQLError as error:
            return errors.refuse_call(BadCall("VARIABLES_INVALID", reason=error.message), request.language)
        except Exception as error:
            return errors.fault(error, request.language)

    async def _open(self, request: Request, bearer: Bearer, spend: Callable[[int], None]) -> Stream:
        asked = await self._operations.read(request, bearer.principal, self.now())
        spend(bounded(asked.operation.points, asked.variables.coerced))
        try:
            if not asked.operation.subscription:
                raise BadCall("SUBSCRIPTIONS_ONLY")
            self._operations.decide(asked)
            async with self._operations.database.reading() as unit:
                context = await self._operations.identified(asked, unit)
                stream = Stream(self, asked, bearer, Ear.of(context.caller))
                await stream.begin(context)
        except BadCall as refused:
            await self._operations.attempt(asked, None, refused.code)
            raise
        await self._operations.write((), request.proof, at=asked.at)
        return stream

    async def greet(self, bearer: Bearer, proof: Proof | None) -> None:
        """Whether somebody answers to the token who may act at all; their proof is spent. Raises `Ended`."""
        async with self._reading() as unit:
            try:
                await identify(unit, bearer.principal, at=self.now())
            except (Unknown, Frozen):
                raise Ended("FORBIDDEN") from None
        try:
            await self._operations.write((), proof, at=self.now())
        except ProofSpent as spent:
            raise Ended(spent.code) from None
        except DependencyDown as error:
            errors.log_down(error)
            raise Ended("UNAVAILABLE") from None

    async def check(self, asked: Asked, bearer: Bearer, ear: Ear) -> None:
        """Whether the caller may hear at this moment what they could when they came. Raises `Ended`."""
        async with self._reading() as unit:
            await self._ask(unit, asked, bearer, ear)

    async def following(self, asked: Asked, bearer: Bearer, ear: Ear, position: int) -> Sequence[Row]:
        """The next rows after a position, if the caller may hear of any. Raises `Ended`."""
        async with self._reading() as unit:
            await self._ask(unit, asked, bearer, ear)
            return await changes.following(unit, ear.owner_id, ear.kinds, after=position)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Unit]:
        try:
            async with self._operations.database.reading() as unit:
                yield unit
        except DependencyDown as error:
            errors.log_down(error)
            raise Ended("UNAVAILABLE") from None

    async def _ask(self, unit: Unit, asked: Asked, bearer: Bearer, ear: Ear) -> None:
        at = self.now()
        if at >= bearer.until or not bearer.believed(at):
            raise Ended("TOKEN_EXPIRED")
        try:
            context = await self._operations.identified(replace(asked, at=at), unit)
            if Ear.of(context.caller) != ear:
                raise Ended("FORBIDDEN")
        except (Unknown, Frozen, Unproved):
            raise Ended("FORBIDDEN") from None
