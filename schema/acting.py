"""How a mutation acts: its key first, its change under a savepoint, its outcome stored, its answer built from it.

A refusal undoes the change and nothing else: the key keeps the refusal, so that a repeat hears the same.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from core import idempotency
from core.database import WriteUnit
from core.errors import Refused
from core.idempotency import Attempt
from schema.context import Context, Info
from schema.refusals import Refusal

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
