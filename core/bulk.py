"""Many rows at once: asking by a list of texts however long it is, and adding what is new in one movement."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

import asyncpg
import orjson
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    text,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from core.statements import Statement, into

_BEGIN = text("SELECT 1")
# So many rows are made and handed over before the next: the database enters them meanwhile.
_AT_ONCE = 200


def among(database: str, columns: Sequence[ColumnElement[Any]], rows: Sequence[Sequence[str]]) -> ColumnElement[bool]:
    """Whether some columns' texts are together one of these rows, for the database of a name.

    The statement is the same however many they are: it is compiled and prepared once. An IN over values is written anew
    for each number of them. Not a join: SQLite, which knows nothing of the list's length, would go through the table.
    """
    return _in(columns, _listed(database, bindparam(None, written(rows), type_=Text), len(columns)))


def for_each(database: str, query: Select[Any], columns: Sequence[ColumnElement[Any]], name: str) -> Select[Any]:
    """What a query finds whose columns' texts are together one of the rows that, as `written` and no two alike, are its
    parameter of this name.

    PostgreSQL looks each row up: of a list it knows nothing, and would sooner go through the table, or through all of
    an offer's claims, the longer the more there are.
    """
    given = bindparam(name, type_=Text)
    if database != "postgresql":
        return query.where(_in(columns, _listed(database, given, len(columns))))
    row = func.jsonb_array_elements(cast(given, JSONB)).table_valued("value").render_derived()
    is_it = [column == _part(row.c.value, place) for place, column in enumerate(columns)]
    found = query.where(*is_it).offset(literal_column("0")).lateral("found")  # an OFFSET is not taken apart
    return select(*found.c).select_from(row.join(found, true()))


def written(rows: Sequence[Sequence[str]] | Sequence[Mapping[str, Any]]) -> str:
    """Many rows as one parameter."""
    return orjson.dumps(rows).decode()


@cache
def entering(table: Table, names: tuple[str, ...], returned: tuple[str, ...]) -> Statement:
    """Adds the rows, as `written`, that are its parameter `rows`, unless they are there, and answers so much of those
    that it has added; on PostgreSQL."""
    columns, answered = ", ".join(names), ", ".join(returned)
    insert = (
        f"INSERT INTO {table.name} ({columns}) SELECT {columns}"  # noqa: S608 (names of our own tables)
        f" FROM json_populate_recordset(CAST(NULL AS {table.name}), :rows)"
        f" ON CONFLICT DO NOTHING RETURNING {answered}"
    )
    return Statement(text(insert).columns(*(table.c[name] for name in returned)))


def _in(columns: Sequence[ColumnElement[Any]], listed: Select[Any]) -> ColumnElement[bool]:
    return (tuple_(*columns) if len(columns) > 1 else columns[0]).in_(listed)


def _listed(database: str, given: BindParameter[str], width: int) -> Select[Any]:
    """The rows as what a statement selects: one parameter for all. As JSON on PostgreSQL too: its driver goes through
    an array in Python, value by value, at five times the cost."""
    if database == "postgresql":
        row = func.jsonb_array_elements(cast(given, JSONB)).table_valued("value").c.value
        return select(*(_part(row, place) for place in range(width)))
    row = func.json_each(given).table_valued("value").c.value
    return select(*(func.json_extract(row, f"$[{place}]") for place in range(width)))


def _part(row: ColumnElement[Any], place: int) -> ColumnElement[Any]:
    return row.op("->>", return_type=Text())(literal_column(str(place)))


async def add(connection: AsyncConnection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows that are new, all with the same columns: by COPY on PostgreSQL, by one prepared statement on SQLite.

    A row that is made when it is asked for is made while the database enters those before it.
    """
    if connection.dialect.name != "postgresql":
        await connection.execute(table.insert(), list(rows))
        return
    driver = await driver_of(connection)
    rest = iter(rows)
    first = list(islice(rest, _AT_ONCE))
    into_ = {name: into(table.c[name].type, connection.dialect) for name in first[0]}
    await driver.copy_records_to_table(table.name, columns=list(into_), records=_records(first, rest, into_))


_Processes = Mapping[str, Callable[[Any], Any] | None]


async def _records(
    rows: list[Mapping[str, Any]], rest: Iterator[Mapping[str, Any]], processes: _Processes
) -> AsyncIterator[tuple[Any, ...]]:
    """The rows as the driver takes them, some at once: what is alike in all of them is processed once."""
    while rows:
        for record in zip(*(_column(rows, name, process) for name, process in processes.items()), strict=True):
            yield record
        await asyncio.sleep(0)  # what the socket did not take at once leaves now
        rows = list(islice(rest, _AT_ONCE))


async def driver_of(connection: AsyncConnection) -> "asyncpg.Connection[Any]":
    """PostgreSQL's own connection, in its transaction: SQLAlchemy begins with the first statement that it sees."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    if not driver.is_in_transaction():
        await connection.execute(_BEGIN)
    found: asyncpg.Connection[Any] = driver
    return found


def _column(rows: Sequence[Mapping[str, Any]], name: str, process: Callable[[Any], Any] | None) -> Iterable[Any]:
    """One column's values as the driver takes them; the same object in every row, such as the instant at which all were
    entered, is processed once."""
    values = [row[name] for row in rows]
    if process is None:
        return values
    if all(value is values[0] for value in values):
        return [process(values[0])] * len(values)
    return map(process, values)
