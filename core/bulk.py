"""Many rows at once: asking by a list of texts however long it is, and adding what is new in one movement."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ARRAY, ColumnElement, Select, Table, Text, bindparam, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from core.statements import into

_BEGIN = text("SELECT 1")


def among(database: str, columns: Sequence[ColumnElement[Any]], rows: Sequence[Sequence[str]]) -> ColumnElement[bool]:
    """Whether some columns' texts are together one of these rows, for the database of a name.

    The statement is the same however many they are: it is compiled and prepared once. An IN over values is written anew
    for each number of them. Not a join: SQLite, which knows nothing of the list's length, would go through the table.
    """
    listed = _listed(database, list(zip(*rows, strict=True)) or [()] * len(columns))
    return (tuple_(*columns) if len(columns) > 1 else columns[0]).in_(listed)


def _listed(database: str, columns: Sequence[Sequence[str]]) -> Select[Any]:
    """Equally long columns as what a statement selects: one parameter a column, or one for all."""
    names = [f"c{place}" for place in range(len(columns))]
    if database == "postgresql":
        arrays = [bindparam(None, list(values), type_=ARRAY(Text)) for values in columns]
        return select(func.unnest(*arrays).table_valued(*names, name="listed").render_derived())
    rows = orjson.dumps(list(zip(*columns, strict=True))).decode()
    each = func.json_each(bindparam(None, rows, type_=Text)).table_valued("value")
    return select(*(func.json_extract(each.c.value, f"$[{place}]") for place in range(len(columns))))


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
