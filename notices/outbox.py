"""Writing down what is to be told, in the transaction of what happened: both are committed, or neither is.

A subject's row may carry what its sentence needs, sealed. A party's row never carries more than ids, a kind of
information and instants.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import orjson
from sqlalchemy import BindParameter, ColumnElement, and_, or_

from core.database import WriteUnit
from core.ids import new_id
from core.statements import Row
from core.vault import Vault
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind, EventKind
from notices.tables import outbox

_PARAMS = "outbox.params_sealed"
# Held by whoever numbers, withdraws or prunes rows: in turn, none waits for a row of another's.
NUMBERING = "outbox positions"


@dataclass(frozen=True)
class AboutRecords:
    """An event about a subject's records. One with `until` rests on an authority that may end: 贷后提示."""

    party_id: str
    kind: EventKind
    about: str
    category: str
    until: datetime | None = None
    look_id: str | None = None
    looked_at: datetime | None = None


async def tell_subject(
    unit: WriteUnit, subject_id: str, kind: EventKind, *, about: str, at: datetime, **params: str
) -> str:
    """A notice to a subject; its stable id."""
    (notice_id,) = await tell_subjects(unit, [subject_id], kind, about=about, at=at, **params)
    return notice_id


async def tell_subjects(
    unit: WriteUnit, subject_ids: Sequence[str], kind: EventKind, *, about: str, at: datetime, **params: str
) -> Sequence[str]:
    """The same to several subjects, in two statements however many: a notice for each; their stable ids, in order."""
    said = orjson.dumps(params).decode() if params else None
    ids = [new_id("ntc") for _ in subject_ids]
    same = {"kind": kind.value, "at": at, "about": about}
    rows = [
        {**same, "id": made, "subject_id": one, "params_sealed": unit.vault.seal(_PARAMS, made, said) if said else None}
        for made, one in zip(ids, subject_ids, strict=True)
    ]
    if rows:
        await unit.run(outbox.insert(), rows)
    told = (Change(one, ChangeKind.NOTICE, made, 1) for made, one in zip(ids, subject_ids, strict=True))
    await changes.tell(unit, *told, at=at)
    return ids


async def tell_party(unit: WriteUnit, party_id: str, kind: EventKind, *, about: str, at: datetime) -> str:
    """An event to a party: what happened and to which id. Its stable id."""
    event_id = new_id("evt")
    await unit.run(outbox.insert().values(id=event_id, kind=kind.value, at=at, party_id=party_id, about=about))
    return event_id


async def tell_parties(unit: WriteUnit, events: Sequence[AboutRecords], *, at: datetime) -> Sequence[str]:
    """Events about records, by one statement however many; their stable ids, in order."""
    rows = [{**asdict(event), "kind": event.kind.value, "id": new_id("evt"), "at": at} for event in events]
    if rows:
        await unit.run(outbox.insert(), rows)
    return [row["id"] for row in rows]


async def withdraw(unit: WriteUnit, about: str, *, at: datetime) -> None:
    """The authority behind a grant's 贷后提示 has ended: what was told stands in the feed no more, and what was not
    delivered is not sent. A try reads this before it begins."""
    await unit.alone(NUMBERING)
    standing = (outbox.c.about == about, outbox.c.until.is_not(None), outbox.c.withdrawn_at.is_(None))
    await unit.run(outbox.update().where(*standing).values(withdrawn_at=at))


def in_force(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether a row may still be told: every one but a 贷后提示 whose authority is over."""
    return and_(outbox.c.withdrawn_at.is_(None), or_(outbox.c.until.is_(None), outbox.c.until > at))


def params_of(vault: Vault, row: Row) -> Mapping[str, str]:
    """What a notice's sentence needs."""
    if row.params_sealed is None:
        return {}
    found: Mapping[str, str] = orjson.loads(vault.open(_PARAMS, row.id, row.params_sealed))
    return found
