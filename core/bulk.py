"""Many rows at once: a list of texts as a table to join with, and new rows in one movement."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ARRAY, FromClause, Table, Text, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.statements import into

_BEGIN = text("SELECT 1")


def listed(database: str, **columns: Sequence[str]) -> FromClause:
    """Equally long columns of texts as a table, for the database of a name.

    However many texts there are, the statement is the same: it is compiled and prepared once, and has one parameter a
    column. An IN is written anew for each number of values.
    """
    if database == "postgresql":
        arrays = [bindparam(None, list(values), type_=ARRAY(Text)) for values in columns.values()]
        return func.unnest(*arrays).table_valued(*columns, name="listed").render_derived()
    rows = orjson.dumps(list(zip(*columns.values(), strict=True))).decode()
    each = func.json_each(bindparam(None, rows, type_=Text)).table_valued("value")
    cells = [func.json_extract(each.c.value, f"$[{n}]").label(name) for n, name in enumerate(columns)]
    return select(*cells).subquery("listed")


async def add(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that are new, all with the same columns: by COPY on PostgreSQL, by one prepared statement on SQLite."""
    if connection.dialect.name != "postgresql":
        await connection.execute(table.insert(), rows)
        return
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    if not driver.is_in_transaction():  # SQLAlchemy begins with the first statement that it sees
        await connection.execute(_BEGIN)
    names = list(rows[0])
    made = [into(table.c[name].type, connection.dialect) for name in names]
    await driver.copy_records_to_table(table.name, columns=names, records=_tuples(rows, names, made))


def _tuples(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], made: Sequence[Callable[[Any], Any] | None]
) -> Iterator[tuple[Any, ...]]:
    processed = [(place, process) for place, process in enumerate(made) if process is not None]
    for row in rows:
        values = [row[name] for name in names]
        for place, process in processed:
            values[place] = process(values[place])
        yield tuple(values)
