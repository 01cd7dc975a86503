"""One operation from document to answer (design §2): decided, run in one unit of work, logged, and only then let go."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from graphql import GraphQLError

from audit import feeds
from audit.lens import BasisKind
from audit.log import Log, Shapes
from audit.looks import Look
from audit.writer import GroupWriter
from core import deadline
from core.blobs import Blobs
from core.database import Database, Unit
from core.drivers import READ_SECONDS
from core.errors import BadCall, DependencyDown, DomainError, TurnedOut
from core.principal import ANONYMOUS, Principal, Proof
from credit import subjects
from grants.card_reading import CardReader
from incentives.shelf import Shelf
from parties import documents, proofs
from parties.callers import Caller, identify
from parties.errors import BeyondPost, Frozen, ProofRequired, ProofSpent
from schema import attempts, errors, plain
from schema.browsing import is_browsing
from schema.change_policy import ENDING
from schema.context import Context, Foreseen, NeedsTransaction, Overtaken, Question
from schema.costs import bounded
from schema.crowds import Aside, Crowds, Hints
from schema.documents import Document, Operation, digest_of, refuse_closed, refuse_variables
from schema.errors import Answer
from schema.library import Library, Named
from schema.offers import MyOffer
from schema.plan import CannotPlan, Plan, compiled
from schema.requests import Asked, Request

# How often an operation begins anew: a mark came or went while it read, or its subject turned out to be another.
_MOST_TRIES = 5
_MOST_PLANS = 16  # for one operation: it would take five variables in @skip and @include to have more


class Operations:
    """Runs operations over one database. A `demonstration` shows its schema, and takes any text by GET; `planned=False`
    leaves everything to the plain executor; with `bound`, third parties need tokens that are bound to a key;
    `committed` is told of every change, after its commit, `ended` of those that may end what somebody may do; `gone`
    says of what nothing is left; `copy` is what may be browsed instead, while there is one; `reader` reads documents at
    kiosks; `measured` is told of every operation, its answer and the seconds.

    A proof is spent in the commit of the look or the change that it came for, or by itself where there is none: before
    that nothing is answered, and nothing refused.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        *,
        demonstration: bool,
        library: Library | None = None,
        planned: bool = True,
        bound: bool = False,
        committed: Callable[[], None] = lambda: None,
        ended: Callable[[], None] = lambda: None,
        gone: Hints | None = None,
        copy: Callable[[], Database | None] = lambda: None,
        reader: CardReader | None = None,
        measured: Callable[[Operation | None, Answer, float], None] = lambda _operation, _answer, _seconds: None,
    ) -> None:
        self.database = database
        self._blobs = blobs
        self._demonstration = demonstration
        self._planned = planned
        self._bound = bound
        self._committed = committed
        self._ended = ended
        self._measured = measured
        self._reader = reader
        self._copy = copy
        self._library = library or Library(demonstration=demonstration)
        self._shelf = Shelf(MyOffer.of)
        shapes = Shapes()
        self._log = Log(shapes)
        self._crowds = Crowds(database, self._log, committed, gone)
        self._writer = GroupWriter(database, shapes)
        self._proved_writer = GroupWriter(database, shapes)
        self._unfinished: set[asyncio.Task[Answer]] = set()

    async def close(self) -> None:
        """Let what has begun to change something end; then stop the log's writer."""
        if self._unfinished:
            await asyncio.wait(self._unfinished)
        await self._writer.close()
        await self._proved_writer.close()

    async def run(
        self,
        request: Request,
        principal: Principal,
        *,
        at: datetime,
        spend: Callable[[int], None] = lambda _points: None,
    ) -> Answer:
        """The answer to one request. Never raises: a fault is an answer too. `spend` is told what it costs before
        anything is done, and raises `BadCall` where the caller has not so many points."""
        began = time.perf_counter()
        asked: Asked | None = None
        try:
            asked = await self.read(request, principal, at)
            spend(bounded(asked.operation.points, asked.variables.coerced))
            answer = await self._settled(asked)
        except BadCall as refused:
            answer = errors.refuse_call(refused, request.language)
        except DomainError as error:
            answer = refusal(error, request.language)
        except Exception as error:
            answer = errors.fault(error, request.language)
        self._measured(None if asked is None else asked.operation, answer, time.perf_counter() - began)
        return answer

    def subscribes(self, request: Request, principal: Principal) -> bool | None:
        """Whether a request is a subscription, as what cannot be read is none; None until `fetch` has it at hand."""
        try:
            document = self._library.known(request.document, principal)
            return None if document is None else document.operation(request.operation_name).subscription
        except BadCall:
            return False

    async def fetch(self, request: Request, principal: Principal) -> bool:
        """Have a stored document at hand, and answer what `subscribes` answers then."""
        try:
            return (await self._stored(request, principal)).operation(request.operation_name).subscription
        except DomainError:
            return False

    async def read(self, request: Request, principal: Principal, at: datetime) -> Asked:
        """What is asked; raises `BadCall`, or `DependencyDown` for a document that is only in the database."""
        try:
            document = self._library.known(request.document, principal) or await self._stored(request, principal)
            return Asked.of(document, request, principal, at)
        except BadCall:
            await self.write((), request.proof, at=at)
            raise

    async def _stored(self, request: Request, principal: Principal) -> Document:
        """A document that is not at hand; raises `BadCall` where none is stored for the caller."""
        asked = request.document
        name = asked.name if isinstance(asked, Named) else digest_of(asked)
        async with self.database.reading() as unit:
            found = await documents.find(unit, self._library.clients_of(principal), name)
        if found is None:
            raise BadCall("DOCUMENT_UNKNOWN" if isinstance(asked, Named) else "DOCUMENT_REQUIRED")
        return self._library.keep(principal, name, found.client, found.text)

    async def _settled(self, asked: Asked) -> Answer:
        """The answer, begun again where a mark came or went while it was read, or its subject turned out to be another;
        raises `DependencyDown` when that happens faster than it can be read."""
        until = time.perf_counter() + deadline.left(READ_SECONDS)
        for _ in range(_MOST_TRIES):
            try:
                return await self._answer(asked)
            except (Overtaken, TurnedOut):
                if time.perf_counter() > until:
                    break
        raise DependencyDown("overtaken")

    async def _answer(self, asked: Asked) -> Answer:
        try:
            if asked.operation.subscription:
                raise BadCall("STREAM_NEEDED")
            self.decide(asked)
        except BadCall as refused:
            if refused.code != "UNAUTHENTICATED":
                await self.attempt(asked, None, refused.code)
            raise
        if asked.operation.mutation:
            return await self._unbroken(self._changing(asked))
        if (copy := self._copy()) is not None and is_browsing(asked):
            with suppress(DependencyDown):
                return await self._reading(asked, copy)
        try:
            return await self._reading(asked, self.database)
        except NeedsTransaction:
            return await self._unbroken(self._in_transaction(asked))

    def decide(self, asked: Asked) -> None:
        """Everything that can be decided without the database. Raises `BadCall`."""
        operation, principal = asked.operation, asked.principal
        if asked.request.reading_only:
            self._decide_reading(asked)
        if operation.problem is not None:
            # A fresh one: a kept exception would gather, and keep, the frames of every request that raised it.
            raise BadCall(operation.problem.code, **operation.problem.params)
        if operation.introspects and not self._demonstration:
            raise BadCall("FIELD_NOT_ALLOWED", coordinates="Query.__schema")
        for reach in operation.reaches.values():
            root = reach.root
            if root.signed_in and principal is ANONYMOUS:
                raise BadCall("UNAUTHENTICATED")
            if root.scope is not None and root.scope not in principal.scopes:
                raise BadCall("FORBIDDEN")
            if principal.assurance < root.assurance:
                raise BadCall("STEP_UP_REQUIRED")
        refuse_variables(operation, asked.request.variables)

    def _decide_reading(self, asked: Asked) -> None:
        """What a GET may ask: its address is kept in logs on the way, so nothing in it is about anybody."""
        if asked.operation.mutation or any(reach.root.signed_in for reach in asked.operation.reaches.values()):
            raise BadCall("METHOD_NOT_ALLOWED")
        if not asked.document.stored and not self._demonstration:
            raise BadCall("DOCUMENT_REQUIRED")
        refuse_closed(asked.operation, asked.request.variables)

    async def _reading(self, asked: Asked, database: Database) -> Answer:
        """A query: its connection is given back before the log is awaited."""
        caller: Caller | None = None
        try:
            async with database.reading() as unit:
                context = await self.identified(asked, unit)
                caller = context.caller
                data = await self._data(asked, context)
            await self.write(context.looks, asked.request.proof, at=asked.at)
        except (DependencyDown, NeedsTransaction):
            raise
        except DomainError as refused:
            await self.attempt(asked, caller, errors.code_of(refused))
            return refusal(refused, asked.request.language)
        except GraphQLError as error:
            await self.write((), asked.request.proof, at=asked.at)
            return errors.unusable(error, asked.request.language)
        return Answer(200, {"data": data})

    async def _in_transaction(self, asked: Asked) -> Answer:
        """A mutation, or a look that spends a use: its looks are in its own commit."""
        caller: Caller | None = None
        try:
            async with self.database.writing() as unit:
                context = await self.identified(asked, unit)
                caller = context.caller
                acting = {id_ for id_ in (caller.subject_id, caller.person_id) if id_ is not None}
                await subjects.hold(unit, acting)
                data = await self._data(asked, context)
                looked_at = {look.lens.subject_id for look in context.looks if look.lens}
                await subjects.hold(unit, looked_at - acting, first=False)
                await self._log.append(unit, context.looks, at=asked.at)
                shared = [look for look in context.looks if look.basis == BasisKind.SHARE.value]
                await feeds.count(unit, shared, at=asked.at)
                await proofs.spend(unit, asked.request.proof)
        except DependencyDown:
            raise
        except DomainError as refused:
            await self.attempt(asked, caller, errors.code_of(refused))
            return refusal(refused, asked.request.language)
        except GraphQLError as error:
            await self.write((), asked.request.proof, at=asked.at)
            return errors.unusable(error, asked.request.language)
        self._log.committed(context.looks)
        self._committed()
        if not ENDING.isdisjoint(reach.name for reach in asked.operation.reaches.values()):
            self._ended()
        return Answer(200, {"data": data})

    async def _changing(self, asked: Asked) -> Answer:
        """A mutation: with others that come at the same time, where that can be, or alone."""
        with self._crowds.door(asked.operation, asked.principal, asked.request.proof) as seat:
            if seat is not None:
                with suppress(Aside):
                    return await seat.run(partial(self.identified, asked), partial(self._data, asked))
            return await self._in_transaction(asked)

    async def _unbroken(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Go on to the end though whoever asked has gone: what may have been committed is not given up."""
        with deadline.within(deadline.CHANGE_SECONDS):
            task = asyncio.create_task(work)
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        return await asyncio.shield(task)

    async def identified(self, asked: Asked, unit: Unit) -> Context:
        """The caller, read in the unit's first statement, and held to what their post or mandate covers.

        The token's scopes were checked before there was a caller; the caller's own are cut to their post's or mandate's
        (`parties.capacity`), and this is where the cut is felt. Raises `Unknown`, `Frozen`, `ProofRequired` or
        `BeyondPost`.
        """
        caller = await identify(unit, asked.principal, at=asked.at)
        if self._bound and caller.third_party and asked.principal.bound_to is None:
            raise ProofRequired()
        needed = {reach.root.scope for reach in asked.operation.reaches.values()} - {None}
        if not needed <= caller.principal.scopes:
            raise BeyondPost()
        if caller.stopped and asked.operation.mutation and not asked.operation.takes_back:
            raise Frozen()
        return self._context(asked, unit, caller)

    def _context(self, asked: Asked, unit: Unit, caller: Caller) -> Context:
        request = asked.request
        return Context(
            caller,
            asked.at,
            unit,
            self._blobs,
            self._shelf,
            asked.operation,
            asked.variables,
            request.language,
            self._previewed,
            reader=self._reader,
        )

    async def _previewed(self, context: Context, question: Question, foreseen: Foreseen) -> bytes:
        """What the recipient would be answered now, by the same decisions and the same executor, in the unit of whoever
        asks for the preview. Raises `BadCall` for a question that is about anything but the one grant."""
        try:
            request = Request(question.document, None, question.variables, context.language)
            asked = Asked.of(self._library.text(question.document), request, question.caller.principal, context.at)
            self.decide(asked)
        except BadCall as refused:
            return errors.refuse_call(refused, context.language).bytes
        outside = {reach.name for reach in asked.operation.reaches.values()} - {"granted"}
        if outside:
            raise BadCall("FIELD_NOT_ALLOWED", coordinates=", ".join(sorted(outside)))
        inner = self._context(asked, context.unit, question.caller)
        inner.foreseen = foreseen
        try:
            return Answer(200, {"data": await self._data(asked, inner)}).bytes
        except DependencyDown:
            raise
        except DomainError as refused:
            return refusal(refused, context.language).bytes
        except GraphQLError as error:
            return errors.unusable(error, context.language).bytes

    async def _data(self, asked: Asked, context: Context) -> dict[str, Any]:
        plan = self._plan(asked) if self._planned else None
        if plan is not None:
            return await plan.run(context, asked.variables)
        return await plain.run(asked.document, asked.operation, context, dict(asked.request.variables))

    def _plan(self, asked: Asked) -> Plan | None:
        """The operation's plan for these truth values, made at its second run; None for the plain executor."""
        operation = asked.operation
        key = tuple(asked.variables.coerced.get(name) for name in operation.conditions)
        if key not in operation.plans:
            if len(operation.plans) < _MOST_PLANS:
                operation.plans[key] = None  # seen once
            return None
        plan = operation.plans[key]
        if plan is None:
            try:
                plan = compiled(asked.document, operation, asked.variables)
            except CannotPlan:
                plan = False
            operation.plans[key] = plan
        return plan or None

    async def attempt(self, asked: Asked, caller: Caller | None, code: str) -> None:
        """Log a refused look that named a target, before the refusal leaves, and spend the proof that came with it.

        Raises `DependencyDown`; and `ProofSpent`, which is then what the look was refused for.
        """
        looks: list[Look] = []
        named = attempts.targets(asked.operation, asked.variables)
        if named:
            async with self.database.reading() as unit:
                looks = [await attempts.look(unit, one, asked.principal, caller, code, at=asked.at) for one in named]
        try:
            await self.write(looks, asked.request.proof, at=asked.at)
        except ProofSpent as refused:
            for look in looks:
                look.refused = refused.code
            if looks:
                await self._writer.write(looks, at=asked.at)
            raise

    async def write(self, looks: Sequence[Look], proof: Proof | None, *, at: datetime) -> None:
        """Commit looks and a request's proof; raises `DependencyDown` or `ProofSpent`."""
        if proof is None and not looks:
            return
        writer = self._writer if proof is None else self._proved_writer
        try:
            async with asyncio.timeout(deadline.ahead()):
                await writer.write(looks, at=at, proof=proof)
        except TimeoutError as late:
            raise DependencyDown("log") from late


def refusal(error: DomainError, language: str) -> Answer:
    """What a refused operation answers; a dependency that is down is logged."""
    if isinstance(error, DependencyDown):
        errors.log_down(error)
        return errors.down(language, error)
    return errors.refuse_run(error, language)
