"""The duty that tells: number what is committed, take what is due, send it, mark it; then say when to come again.

It asks the database and nobody else, so a lost hint costs a moment and no message.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from core.database import Database
from core.moments import rfc3339
from core.statements import Row
from core.vault import Vault
from notices import deliveries, outbox, sentences, webhooks
from notices.carriers import Carrier, Message, Target
from notices.deliveries import Taken
from notices.errors import NotDelivered
from notices.kinds import EventKind, Way

_log = structlog.get_logger("haihe.relay")
# How long to wait at most before looking again, and after a full batch.
_LONGEST_REST = 2.0


class Relay:
    """Carries committed rows to their recipients. Several may run: each message is taken by one of them."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        carriers: Mapping[Way, Carrier],
        *,
        jitter: Callable[[], float],
    ) -> None:
        self._database = database
        self._vault = vault
        self._carriers = carriers
        self._jitter = jitter
        # Sends run side by side; their marks take one connection, one after another.
        self._marking = asyncio.Lock()

    async def run_once(self, at: datetime) -> float:
        """Do what is due now; seconds until there may be more. Raises `DependencyDown`."""
        async with self._database.reading() as unit:
            due = await deliveries.next_due(unit, at=at)
        if due is None or due > at:
            return _LONGEST_REST if due is None else min((due - at).total_seconds(), _LONGEST_REST)
        async with self._database.writing() as unit:
            numbered = await deliveries.fan_out(unit, at=at)
        async with self._database.writing() as unit:
            taken = await deliveries.take(unit, at=at)
        outcomes = await asyncio.gather(*(self._deliver(row, at) for row in taken), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return 0.0 if numbered or taken else _LONGEST_REST

    async def _deliver(self, taken: Taken, at: datetime) -> None:
        if taken.row.until is not None and not await self._may_begin(taken, at):
            return
        code = None
        try:
            await self._carriers[taken.way].carry(self._message(taken, at), at=at)
        except NotDelivered as error:
            code = error.code
        except Exception as error:  # one message's fault must not hold up the others
            _log.error("not_delivered", message=taken.row.id, way=taken.way.value, kind=type(error).__name__)
            code = "FAULT"
        async with self._marking, self._database.writing() as unit:
            if code is None:
                await deliveries.delivered(unit, taken, at=at)
            else:
                await deliveries.failed(unit, taken, code, jitter=self._jitter(), at=at)

    async def _may_begin(self, taken: Taken, at: datetime) -> bool:
        async with self._database.reading() as unit:
            return await deliveries.may_begin(unit, taken, at=at)

    def _message(self, taken: Taken, at: datetime) -> Message:
        row, kind = taken.row, EventKind(taken.row.kind)
        text, target = "", None
        if taken.hook is not None:
            target = Target(taken.hook.url, tuple(webhooks.secrets_of(self._vault, taken.hook, at=at)))
        elif taken.way is Way.SMS:
            text = sentences.text_message(kind)
        else:
            text = sentences.notice(kind, outbox.params_of(self._vault, row), "zh")
        return Message(row.id, kind, row.at, row.about, row.party_id or row.subject_id, text, target, _more(row))


def _more(row: Row) -> Mapping[str, str]:
    """What an event about records says beside its id."""
    said = {"category": row.category, "lookId": row.look_id, "lookedAt": row.looked_at and rfc3339(row.looked_at)}
    return {name: value for name, value in said.items() if value is not None}
