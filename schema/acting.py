"""How a mutation acts: its key first, its change under a savepoint, its outcome stored, its answer built from it.

A refusal undoes the change and nothing else: the key keeps the refusal, so that a repeat hears the same.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from audit.lens import Audience, BasisKind, Lens
from audit.looks import Look
from core import idempotency
from core.database import WriteUnit
from core.errors import Refused
from core.idempotency import Attempt
from schema.context import Context, Info
from schema.refusals import Refusal

OWN_LOOK = "SELF_QUERY"
# Who acted for a person, as that person's trail says it.
CAPACITY = {"GUARDIAN": "监护人", "HELPER": "受托协助人"}
Payload = TypeVar("Payload")


async def act(
    info: Info,
    attempt: Attempt | None,
    do: Callable[[WriteUnit], Awaitable[str]],
    show: Callable[[str, bool], Awaitable[Payload]],
) -> Payload | Refusal:
    """Do something once. `do` answers the id of what it made; `show(id, replayed)` makes the payload."""
    context = info.context
    try:
        outcome = await _outcome(context, attempt, do)
    except Refused as error:
        return Refusal.of(error, context.language)
    made, replayed = outcome
    return await show(made, replayed)


async def ensure(
    info: Info, do: Callable[[WriteUnit], Awaitable[bool]], show: Callable[[bool], Awaitable[Payload]]
) -> Payload | Refusal:
    """Bring about what needs no key, because doing it twice is doing it once.

    `do` says whether this call changed anything; `show(replayed)` makes the payload.
    """
    changed = False

    async def once(unit: WriteUnit) -> str:
        nonlocal changed
        changed = await do(unit)
        return ""

    async def shown(_made: str, _replayed: bool) -> Payload:
        return await show(not changed)

    return await act(info, None, once, shown)


def standing(
    payload: type[Payload], name: str, find: Callable[[str], Awaitable[object]]
) -> Callable[[str, bool], Awaitable[Payload]]:
    """How to show a thing as it stands, in a payload that calls it so and says whether this was said before."""

    async def show(id: str, replayed: bool) -> Payload:
        return payload(**{name: await find(id), "replayed": replayed})

    return show


def of(id: str, show: Callable[[str, bool], Awaitable[Payload]]) -> Callable[[bool], Awaitable[Payload]]:
    """The same for `ensure`, of a thing whose id is known before."""
    return lambda replayed: show(id, replayed)


async def _outcome(
    context: Context, attempt: Attempt | None, do: Callable[[WriteUnit], Awaitable[str]]
) -> tuple[str, bool]:
    unit = context.writing
    earlier = await idempotency.begin(unit, attempt, at=context.at) if attempt else None
    if earlier is not None:
        if "refused" in earlier:
            raise idempotency.restored(earlier)
        return str(earlier["id"]), True
    try:
        async with unit.savepoint():
            made = await do(unit)
    except Refused as error:
        if attempt:
            await idempotency.finish(unit, attempt, idempotency.stored(error))
        raise
    if attempt:
        await idempotency.finish(unit, attempt, {"id": made})
    return made, False


def attempt_of(context: Context, operation: str, key: str, **request: object) -> Attempt:
    """The caller's attempt at a mutation. A key belongs to the person or the till that made it, and to nobody else."""
    return Attempt(context.caller.staff_id or context.caller.principal.key, operation, key, request)


def own_lens(context: Context) -> Lens:
    """The caller's lens on the subject they act for; on the basis of the mandate, when that is another person.

    Raises `NotAvailable` when they are no subject.
    """
    lens = context.own()
    if context.caller.mandate_id is None:
        return lens
    return Lens(Audience.SUBJECT, BasisKind.MANDATE, lens.subject_id)


def own_look(info: Info, lens: Lens) -> Look:
    """Begin a look at the subject acted for. The ward's trail names the capacity in which somebody else looked."""
    if lens.basis is BasisKind.MANDATE:
        return ward_look(info, lens, info.context.caller.mandate or "")
    return info.context.look(info, lens, purpose=OWN_LOOK)


def ward_look(info: Info, lens: Lens, capacity: str) -> Look:
    """Begin a look at another person by who is their guardian or helper."""
    look = info.context.look(info, lens, purpose=OWN_LOOK)
    look.actor_name = CAPACITY[capacity]
    return look
