"""A mutation's key, kept in the mutation's own transaction: the same key gets the same answer, for good.

Twins in flight wait on the primary key: the second one's INSERT waits for the first one's commit, then finds its
outcome. The stored outcome is codes and ids; the answer is made from them again (design §5).
"""

import hashlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import JSON, Column, String, Table, bindparam, select, update

from core import bulk
from core.database import Instant, Unit, WriteUnit, metadata
from core.errors import Detail, Invalid, KeyReused, Refused
from core.statements import Statement, by_database

idempotency = Table(
    "idempotency",
    metadata,
    Column("actor", String(64), primary_key=True),
    Column("operation", String(40), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("outcome", JSON(none_as_null=True)),
    Column("created_at", Instant, nullable=False),
)
_LONGEST_KEY = 64
_PLACE = (idempotency.c.actor, idempotency.c.operation, idempotency.c.key)
_IS = Statement(select(_PLACE[0]).where(*(column == bindparam(column.name) for column in _PLACE)))
_KNOWN = by_database(lambda name: bulk.for_each(name, select(*_PLACE), _PLACE, "places"))


@dataclass(frozen=True)
class Attempt:
    """One caller's one try at one operation. `actor` is hashed before it is stored: it may hold a person's name.

    `named` is the input field that holds the key.
    """

    actor: str
    operation: str
    key: str
    request: Mapping[str, Any]
    named: str = "idempotencyKey"

    def check(self) -> None:
        """Raise `Invalid` for a key that cannot be one."""
        if not 1 <= len(self.key) <= _LONGEST_KEY or not self.key.isascii() or not self.key.isprintable():
            raise Invalid(Detail((self.named,), "KEY_FORMAT", str(_LONGEST_KEY)))

    @property
    def owner(self) -> str:
        """The stored form of the actor."""
        return hashlib.sha256(self.actor.encode()).hexdigest()

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it is stored, once for good."""
        return self.owner, self.operation, self.key

    @property
    def fingerprint(self) -> str:
        """What makes two requests the same request."""
        return hashlib.sha256(orjson.dumps(self.request, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def begin(unit: WriteUnit, attempt: Attempt, *, at: datetime) -> Mapping[str, Any] | None:
    """Take the key; None when it is ours, else the outcome of the one who had it first. Raises `KeyReused`."""
    attempt.check()
    taken = await unit.first(
        unit.insert(idempotency)
        .values(
            actor=attempt.owner,
            operation=attempt.operation,
            key=attempt.key,
            fingerprint=attempt.fingerprint,
            created_at=at,
        )
        .on_conflict_do_nothing()
        .returning(idempotency.c.key)
    )
    if taken is not None:
        return None
    row = await unit.first(select(idempotency.c.fingerprint, idempotency.c.outcome).where(*_is(attempt)))
    if row is None or row.fingerprint != attempt.fingerprint or row.outcome is None:
        raise KeyReused()
    outcome: Mapping[str, Any] = row.outcome
    return outcome


async def finish(unit: WriteUnit, attempt: Attempt, outcome: Mapping[str, Any]) -> None:
    """Store what every repeat will be told."""
    await unit.run(update(idempotency).where(*_is(attempt)).values(outcome=outcome))


@dataclass(frozen=True)
class Settled:
    """An attempt whose outcome is known before its key is taken."""

    attempt: Attempt
    outcome: Mapping[str, Any]
    at: datetime


async def is_known(unit: Unit, attempt: Attempt) -> bool:
    """Whether somebody has had this key already."""
    return await unit.first(_IS, dict(zip(("actor", "operation", "key"), attempt.place, strict=True))) is not None


async def known(unit: WriteUnit, attempts: Iterable[Attempt]) -> Set[tuple[str, ...]]:
    """Which of these keys are somebody's already, by the `place` of their attempts."""
    places = bulk.written([attempt.place for attempt in attempts])
    return {tuple(row) for row in await unit.swiftly(_KNOWN[unit.dialect], {"places": places})}


async def enter(unit: WriteUnit, settled: Iterable[Settled]) -> bool:
    """Take many keys at once, each with its outcome, in one order for everybody; False when one of them was taken."""
    rows = [
        {
            **dict(zip(("actor", "operation", "key"), one.attempt.place, strict=True)),
            "fingerprint": one.attempt.fingerprint,
            "outcome": one.outcome,
            "created_at": one.at,
        }
        for one in sorted(settled, key=lambda one: one.attempt.place)
    ]
    return not rows or len(await unit.enter(idempotency, rows, "key")) == len(rows)


def stored(error: Refused) -> Mapping[str, Any]:
    """A refusal as codes and parameters."""
    return {
        "refused": error.code,
        "params": dict(error.params),
        "details": [[list(detail.path), detail.code, detail.limit] for detail in error.details],
        "retry_at": error.retry_at.isoformat() if error.retry_at else None,
    }


def restored(outcome: Mapping[str, Any]) -> Refused:
    """The refusal that `stored` kept."""
    retry_at = outcome["retry_at"]
    error = Refused(
        *(Detail(tuple(path), code, limit) for path, code, limit in outcome["details"]),
        retry_at=datetime.fromisoformat(retry_at) if retry_at else None,
        **outcome["params"],
    )
    error.code = outcome["refused"]  # type: ignore[misc]  # one stored refusal, whatever its class was
    return error


def _is(attempt: Attempt) -> tuple[Any, ...]:
    c = idempotency.c
    return (c.actor == attempt.owner, c.operation == attempt.operation, c.key == attempt.key)
