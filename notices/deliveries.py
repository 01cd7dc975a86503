"""From committed rows to messages that are due, taken, delivered or given up. Each step is its own transaction.

A message is taken for a minute, sent outside of any transaction, and marked. Killed between sending and marking, it is
due again when the minute is over: nothing is lost, and the repeat carries the same id.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, or_, select

from core.database import Instant, Unit, WriteUnit
from core.ids import new_id
from core.statements import Row, Statement
from notices import rules, webhooks
from notices.kinds import DeliveryState, EventKind, Way, WebhookState
from notices.outbox import NUMBERING, in_force
from notices.tables import delivery, outbox, webhook
from parties import directory

BATCH = 50


@dataclass(frozen=True)
class Taken:
    """One message in hand: its row, which try this is, and the webhook it goes to, as it stood when it was taken."""

    row: Row
    delivery_id: str
    attempt: int
    way: Way
    hook: Row | None


_JOINED = delivery.join(outbox, outbox.c.id == delivery.c.outbox_id).outerjoin(
    webhook, webhook.c.party_id == outbox.c.party_id
)


def _sendable(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Due, in force, and not waiting for a party to resume its webhook."""
    open_ = or_(delivery.c.way != Way.WEBHOOK.value, webhook.c.state == WebhookState.ACTIVE.value)
    return and_(delivery.c.state == DeliveryState.DUE.value, in_force(at), open_)


# Asked every few seconds, and mostly in vain.
_FRESH = Statement(select(outbox.c.id).where(outbox.c.position.is_(None)).limit(1))
_NEXT_DUE = Statement(
    select(func.min(delivery.c.due_at).label("due_at"))
    .select_from(_JOINED)
    .where(_sendable(bindparam("at", type_=Instant)))
)


async def next_due(unit: Unit, *, at: datetime) -> datetime | None:
    """When there is something to do: at once for rows nobody has numbered, else when the first message is due."""
    if await unit.first(_FRESH) is not None:
        return at
    row = await unit.first(_NEXT_DUE, {"at": at})
    return row.due_at if row else None


async def fan_out(unit: WriteUnit, *, at: datetime) -> int:
    """Number committed rows in order, and make their messages; how many rows.

    One leader at a time: a lower position is never committed after a higher one.
    """
    await unit.alone(NUMBERING)
    last = await unit.first(select(func.coalesce(func.max(outbox.c.position), 0)))
    fresh = select(outbox).where(outbox.c.position.is_(None)).order_by(outbox.c.at, outbox.c.id).limit(BATCH)
    rows = await unit.all(fresh)
    if not rows:
        return 0
    start = last[0] + 1 if last else 1
    numbered = outbox.update().where(outbox.c.id == bindparam("row")).values(position=bindparam("number"))
    await unit.run(numbered, [{"row": row.id, "number": start + n} for n, row in enumerate(rows)])
    parties = {row.party_id for row in rows if row.party_id}
    hooked = await _hooks(unit, parties)
    due = [_due(row.id, way, at) for row in rows for way in _ways(row, hooked)]
    if due:
        await unit.run(delivery.insert(), due)
    return len(rows)


async def take(unit: WriteUnit, *, at: datetime) -> Sequence[Taken]:
    """Messages due now, taken for a while: no other relay takes them (SKIP LOCKED; SQLite has one writer)."""
    due = (
        select(outbox, delivery.c.id.label("delivery_id"), delivery.c.attempts, delivery.c.way)
        .select_from(_JOINED)
        .where(_sendable(at), delivery.c.due_at <= at)
        .order_by(delivery.c.due_at, delivery.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=delivery)
    )
    rows = await unit.all(due)
    if not rows:
        return []
    taken = delivery.update().where(delivery.c.id.in_([row.delivery_id for row in rows]))
    await unit.run(taken.values(attempts=delivery.c.attempts + 1, due_at=at + rules.LEASE))
    hooks = await _hooks(unit, {row.party_id for row in rows if row.party_id})
    return [Taken(row, row.delivery_id, row.attempts + 1, Way(row.way), hooks.get(row.party_id)) for row in rows]


async def may_begin(unit: Unit, taken: Taken, *, at: datetime) -> bool:
    """Whether a try to tell a party may begin: what it rests on is in force now, and the party acts."""
    party = await directory.find(unit, taken.row.party_id)
    due = select(delivery.c.id).select_from(_JOINED).where(delivery.c.id == taken.delivery_id, _sendable(at))
    return party is not None and await unit.first(due) is not None


async def delivered(unit: WriteUnit, taken: Taken, *, at: datetime) -> None:
    """It arrived, whoever's try it was."""
    mine = (delivery.c.id == taken.delivery_id, delivery.c.state == DeliveryState.DUE.value)
    await unit.run(delivery.update().where(*mine).values(state=DeliveryState.DELIVERED.value, ended_at=at, error=None))
    if taken.hook is not None:
        await webhooks.succeeded(unit, taken.hook)


async def failed(unit: WriteUnit, taken: Taken, code: str, *, jitter: float, at: datetime) -> None:
    """It did not arrive: due again later, or given up. A try that another has overtaken decides nothing."""
    wait = rules.wait_after(taken.attempt, jitter)
    values: dict[str, Any] = {"error": code}
    if wait is None:
        values |= {"state": DeliveryState.GIVEN_UP.value, "ended_at": at}
    else:
        values |= {"due_at": at + wait}
    mine = (
        delivery.c.id == taken.delivery_id,
        delivery.c.state == DeliveryState.DUE.value,
        delivery.c.attempts == taken.attempt,
    )
    if await unit.run(delivery.update().where(*mine).values(**values)) == 1 and taken.hook is not None:
        await webhooks.failed(unit, taken.hook, gone=code == "GONE", at=at)


async def _hooks(unit: Unit, parties: set[str]) -> Mapping[str, Row]:
    if not parties:
        return {}
    return {row.party_id: row for row in await unit.all(select(webhook).where(webhook.c.party_id.in_(parties)))}


def _ways(row: Row, hooked: Collection[str]) -> Sequence[Way]:
    if row.party_id is not None:
        return (Way.WEBHOOK,) if row.party_id in hooked else ()
    return rules.WAYS[EventKind(row.kind)]


def _due(outbox_id: str, way: Way, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id("dlv"),
        "outbox_id": outbox_id,
        "way": way.value,
        "state": DeliveryState.DUE.value,
        "attempts": 0,
        "due_at": at,
    }
