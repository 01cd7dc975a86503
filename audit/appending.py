"""Adding looks to the log: their rows and, in the same commit, that they wait to be sealed.

Who adds twice adds once: a row that is there stays, and of one that waits twice the sealer makes one leaf.
"""

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Dialect

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
    " RETURNING ARRAY(SELECT absorbed_id FROM trail_joined WHERE absorbed_id = ANY($3::text[]))"
)
_ACCESS = Statement(inserting("sqlite", access).on_conflict_do_nothing())
_UNSEALED = (
    "INSERT INTO access_unsealed (access_ids) SELECT value FROM json_each(?) RETURNING (SELECT json_group_array("
    "absorbed_id) FROM trail_joined WHERE absorbed_id IN (SELECT value FROM json_each(?)))"
)


async def by_unit(unit: WriteUnit, looks: Sequence[tuple[Look, datetime]]) -> None:
    """Add the looks of mutations, each of its instant, in their transaction; of many operations by the statement of the
    group writer."""
    driver = await unit.driver() if len(looks) > 1 else None
    if driver is not None:
        await driver.fetch(_BOTH, _given(looks))
        return
    await unit.run(access.insert(), [look.row(at) for look, at in looks])
    await unit.run(access_unsealed.insert(), [{"access_ids": ids} for ids in _waiting([look for look, _ in looks])])


def is_one_statement(dialect: Dialect) -> bool:
    """Whether `by_appender` needs no transaction around it."""
    return dialect.name == "postgresql"


async def by_appender(appender: Appender, dialect: Dialect, looks: Sequence[tuple[Look, datetime]]) -> Set[str]:
    """Add queries' looks, each of its instant, in the open transaction, or as the one statement they are.

    The subjects among them that have turned out to be others: what was read of such a one may have been read after it
    had moved.
    """
    if not looks:
        return set()
    if is_one_statement(dialect):
        found, _ = await appender.fetch(_BOTH, _given(looks))
        return set(found[0][0])
    rows = [look.row(at) for look, at in looks]
    waiting = orjson.dumps(_waiting([look for look, _ in looks])).decode()
    added = _ACCESS.on(dialect)
    await appender.execute_many(added.text, [added.arguments(row) for row in rows])
    found, _ = await appender.fetch(_UNSEALED, [waiting, orjson.dumps(_subjects(looks)).decode()])
    return set(orjson.loads(found[0][0]))


def _given(looks: Sequence[tuple[Look, datetime]]) -> list[Any]:
    """What `_BOTH` takes."""
    rows = orjson.dumps([look.row(at) for look, at in looks]).decode()
    return [rows, orjson.dumps(_waiting([look for look, _ in looks])).decode(), _subjects(looks)]


def _subjects(looks: Sequence[tuple[Look, datetime]]) -> list[str]:
    return sorted({look.lens.subject_id for look, _ in looks if look.lens is not None})


def _waiting(looks: Sequence[Look]) -> list[list[str]]:
    ids = [look.id for look in looks]
    return [ids[place : place + _TOGETHER] for place in range(0, len(ids), _TOGETHER)]
