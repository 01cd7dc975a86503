"""Adding looks to the log: their rows and, in the same commit, that they wait to be sealed.

Who adds twice adds once: a row that is there stays, and of one that waits twice the sealer makes one leaf.
"""

from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import Dialect, bindparam

from audit.looks import Look
from audit.tables import access, access_unsealed
from core.database import WriteUnit
from core.drivers import Appender
from core.statements import Statement, inserting

# A sealer takes whole rows of those that wait, so none has more looks than this.
_TOGETHER = 50
# One statement, planned and begun once for a batch; an `executemany` begins anew for each row.
_BOTH = (
    "WITH written AS"
    " (INSERT INTO access SELECT * FROM json_populate_recordset(NULL::access, $1) ON CONFLICT DO NOTHING)"
    " INSERT INTO access_unsealed (access_ids) SELECT value FROM json_array_elements($2)"
)
_ACCESS = Statement(inserting("sqlite", access).on_conflict_do_nothing())
_UNSEALED = Statement(access_unsealed.insert().values(access_ids=bindparam("access_ids")))


async def by_unit(unit: WriteUnit, looks: Sequence[Look], *, at: datetime) -> None:
    """Add a mutation's looks, in its transaction."""
    await unit.run(access.insert(), [look.row(at) for look in looks])
    await unit.run(access_unsealed.insert(), [{"access_ids": ids} for ids in _waiting(looks)])


def is_one_statement(dialect: Dialect) -> bool:
    """Whether `by_appender` needs no transaction around it."""
    return dialect.name == "postgresql"


async def by_appender(appender: Appender, dialect: Dialect, looks: Sequence[tuple[Look, datetime]]) -> None:
    """Add queries' looks, each of its instant, in the open transaction, or as the one statement they are."""
    if not looks:
        return
    rows = [look.row(at) for look, at in looks]
    ids = _waiting([look for look, _ in looks])
    if is_one_statement(dialect):
        await appender.fetch(_BOTH, [orjson.dumps(rows).decode(), orjson.dumps(ids).decode()])
        return
    added, waiting = _ACCESS.on(dialect), _UNSEALED.on(dialect)
    await appender.execute_many(added.text, [added.arguments(row) for row in rows])
    await appender.execute_many(waiting.text, [waiting.arguments({"access_ids": part}) for part in ids])


def _waiting(looks: Sequence[Look]) -> list[list[str]]:
    ids = [look.id for look in looks]
    return [ids[place : place + _TOGETHER] for place in range(0, len(ids), _TOGETHER)]
