"""Strict scalars: RFC 3339 instants with an offset, plain dates, and decimals as strings of bounded digits."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from graphql import GraphQLError, StringValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition

from core.moments import rfc3339

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
# Beyond these, a shift of offset or a day more would leave the calendar.
_YEARS = range(1900, 2200)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)


def read_instant(text: object) -> datetime:
    """An RFC 3339 instant with an offset; raises `GraphQLError` for anything else."""
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise GraphQLError("DateTime: RFC 3339 with an offset, such as 2026-11-23T09:30:00+08:00")
    try:
        found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.upper()))
    except ValueError:
        raise GraphQLError("DateTime: no such instant") from None
    if found.year not in _YEARS:
        raise GraphQLError(f"DateTime: years {_YEARS.start} to {_YEARS.stop - 1}")
    return found


def read_day(text: object) -> date:
    """A calendar day; raises `GraphQLError` for anything else."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise GraphQLError("Date: YYYY-MM-DD")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise GraphQLError("Date: no such day") from None
    if found.year not in _YEARS:
        raise GraphQLError(f"Date: years {_YEARS.start} to {_YEARS.stop - 1}")
    return found


def read_decimal(text: object) -> Decimal:
    """A decimal written as a string, at most 12 digits before and 6 after the point."""
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise GraphQLError("Decimal: a string of at most 12 digits, a point and 6 digits")
    return Decimal(text)


def _literal(read: Callable[[object], Any]) -> Callable[[ValueNode, dict[str, Any] | None], Any]:
    def parse(node: ValueNode, _variables: dict[str, Any] | None = None) -> Any:
        return read(node.value if isinstance(node, StringValueNode) else None)

    return parse


def _scalar(name: str, description: str, url: str, read: Callable[[object], Any], write: Any) -> ScalarDefinition:
    return strawberry.scalar(
        name=name,
        description=description,
        specified_by_url=url,
        serialize=write,
        parse_value=read,
        parse_literal=_literal(read),
    )


SCALARS: dict[object, ScalarDefinition] = {
    datetime: _scalar(
        "DateTime",
        "RFC 3339 with offset.",
        "https://scalars.graphql.org/andimarek/date-time",
        read_instant,
        rfc3339,
    ),
    date: _scalar(
        "Date",
        "A calendar day of the city, YYYY-MM-DD.",
        "https://scalars.graphql.org/andimarek/local-date",
        read_day,
        date.isoformat,
    ),
    Decimal: _scalar(
        "Decimal",
        "A decimal as a string: at most 12 digits before the point and 6 after it.",
        "https://www.rfc-editor.org/rfc/rfc8259#section-7",
        read_decimal,
        lambda value: format(value, "f"),
    ),
}
