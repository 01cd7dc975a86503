"""Writing down what is to be told, in the transaction of what happened: both are committed, or neither is.

A subject's row may carry what its sentence needs, sealed. A party's row never carries more than an id.
"""

from collections.abc import Mapping
from datetime import datetime

import orjson

from core.database import WriteUnit
from core.ids import new_id
from core.statements import Row
from core.vault import Vault
from notices.kinds import EventKind
from notices.tables import outbox

_PARAMS = "outbox.params_sealed"


async def tell_subject(
    unit: WriteUnit, subject_id: str, kind: EventKind, *, about: str, at: datetime, **params: str
) -> str:
    """A notice to a subject; its stable id."""
    notice_id = new_id("ntc")
    sealed = unit.vault.seal(_PARAMS, notice_id, orjson.dumps(params).decode()) if params else None
    await unit.run(
        outbox.insert().values(
            id=notice_id, kind=kind.value, at=at, subject_id=subject_id, about=about, params_sealed=sealed
        )
    )
    return notice_id


async def tell_party(unit: WriteUnit, party_id: str, kind: EventKind, *, about: str, at: datetime) -> str:
    """An event to a party: what happened and to which id. Its stable id."""
    event_id = new_id("evt")
    await unit.run(outbox.insert().values(id=event_id, kind=kind.value, at=at, party_id=party_id, about=about))
    return event_id


def params_of(vault: Vault, row: Row) -> Mapping[str, str]:
    """What a notice's sentence needs."""
    if row.params_sealed is None:
        return {}
    found: Mapping[str, str] = orjson.loads(vault.open(_PARAMS, row.id, row.params_sealed))
    return found
