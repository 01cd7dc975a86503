"""Statements written in SQLAlchemy Core, compiled once for each database, and run on the driver's own connection.

Compiling, and SQLAlchemy's execution of what it compiled, cost more than most of our statements do. A `Statement` is
made once, where it is written, with a bind parameter for everything that changes; what is left to do for each
execution is to put values in order and to make rows of what comes back.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias, cast

import orjson
from sqlalchemy import JSON, ClauseElement, Dialect, Executable, Subquery, TextClause, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

_Process = Callable[[Any], Any]
Values = Mapping[str, Any]
# A named tuple. Its names are its statement's columns, so no type can know them.
Row: TypeAlias = Any


@lru_cache(maxsize=1024)  # making a type costs more than most statements do
def _maker(names: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    made: Any = namedtuple("Found", names, rename=True)  # type: ignore[misc]  # its names come from the statement
    make: Callable[[Iterable[Any]], Any] = made._make
    return make


class Compiled:
    """A statement's text for one database, how its values go in, and how its rows come out.

    With `once`, it is for one execution with these values: how an IN is written depends on them.
    """

    def __init__(self, core: Executable, dialect: Dialect, once: Values | None = None) -> None:
        compiled = cast("ClauseElement", core).compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        types = {name: bind.type for bind, name in compiled.bind_names.items()}
        if once is None:
            self.text, order, fixed = str(compiled), list(compiled.positiontup or ()), compiled.params
        else:
            state = compiled.construct_expanded_state(once)
            self.text, order, fixed = state.statement, list(state.positiontup or ()), state.parameters
        self._order = [(name, into(types[name], dialect) if name in types else None) for name in order]
        self._fixed = {name: value for name, value in fixed.items() if once is not None or value is not None}
        columns = [] if isinstance(core, TextClause) else list(getattr(core, "selected_columns", ()))
        self._from = [(n, made) for n, c in enumerate(columns) if (made := _out_of(c.type, dialect)) is not None]
        self._row = _maker(tuple(c.key or "" for c in columns)) if columns else None

    def arguments(self, values: Values) -> list[Any]:
        """The values in the order of the text's placeholders; raises `KeyError` for one that is missing."""
        fixed = self._fixed
        found = [values[name] if name in values else fixed[name] for name, _ in self._order]
        for place, (_, process) in enumerate(self._order):
            if process is not None:
                found[place] = process(found[place])
        return found

    def rows(self, found: Iterable[Any], names: Iterable[str], *, loaded: bool = False) -> list[Any]:
        """The driver's rows as ours. `names` are the columns of a statement written as text; `loaded` says that the
        connection is SQLAlchemy's, which has PostgreSQL's driver read JSON."""
        row = self._row or _maker(tuple(names))
        if not self._from or loaded:
            return [row(values) for values in found]
        made = []
        for values in found:
            kept = list(values)
            for place, process in self._from:
                kept[place] = process(kept[place])
            made.append(row(kept))
        return made


class Statement:
    """A Core statement that is compiled when it is first run on a database, and kept."""

    def __init__(self, core: Executable) -> None:
        self.core = core
        self._compiled: dict[str, Compiled] = {}

    def on(self, dialect: Dialect) -> Compiled:
        """The statement for a database."""
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = Compiled(self.core, dialect)
        return compiled


def by_database(make: Callable[[str], Executable]) -> Mapping[str, Statement]:
    """A statement that is written otherwise for each database, by the database's name."""
    return {name: Statement(make(name)) for name in ("postgresql", "sqlite")}


def always() -> Subquery:
    """A table of one row, to join to it what may not be there: such a statement answers one row either way."""
    return select(literal_column("1").label("one")).subquery("always")


def inserting(database: str, table: Any) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, for the database of a name."""
    return (postgresql.insert if database == "postgresql" else sqlite.insert)(table)


def into(type_: TypeEngine[Any], dialect: Dialect) -> _Process | None:
    """How a value of a type is handed to a database's driver; None for as it is."""
    if isinstance(type_, JSON):
        return _dumped
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _out_of(type_: TypeEngine[Any], dialect: Dialect) -> _Process | None:
    if isinstance(type_, JSON):
        return _loaded
    if dialect.name == "postgresql":
        return None  # asyncpg gives dates, decimals, bytes, and instants that are aware and in UTC
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def _dumped(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _loaded(value: str | None) -> Any:
    return None if value is None else orjson.loads(value)
