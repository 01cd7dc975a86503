"""Converters make of every field's arguments what strawberry itself makes of them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLField, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, Undefined
from strawberry.types.arguments import convert_arguments

from schema.inputs import Converters
from schema.root import graphql_schema, schema
from tests.harness.scale import scaled

_SCALARS: dict[str, Any] = {
    "String": "某",
    "ID": "id_1",
    "Int": 7,
    "Boolean": True,
    "Decimal": Decimal("1.50"),
    "Date": date(2026, 11, 26),
    "DateTime": datetime(2026, 11, 26, tzinfo=UTC),
}
_DEEPEST = 4
_REGISTRY = schema.schema_converter.scalar_registry


def _fields() -> Iterator[tuple[str, GraphQLField]]:
    for type_ in graphql_schema.type_map.values():
        if not type_.name.startswith("__"):
            for name, field in getattr(type_, "fields", {}).items():
                if getattr(field, "args", None):
                    yield f"{type_.name}.{name}", field


def _value(type_: Any, chance: Random, level: int) -> Any:
    """A value as graphql-core coerces it, with nulls where they may be."""
    if isinstance(type_, GraphQLNonNull):
        return _there(type_.of_type, chance, level)
    return None if chance.random() < 0.2 else _there(type_, chance, level)


def _there(type_: Any, chance: Random, level: int) -> Any:
    if isinstance(type_, GraphQLList):
        return [_value(type_.of_type, chance, level) for _ in range(chance.randrange(3))]
    if isinstance(type_, GraphQLEnumType):
        return chance.choice([one.value for one in type_.values.values()])
    if isinstance(type_, GraphQLInputObjectType):
        return _values(type_.fields, chance, level + 1)
    return _SCALARS[type_.name]


def _values(wanted: Any, chance: Random, level: int = 0) -> dict[str, Any]:
    """Values for arguments or input fields: what need not be there is left out now and then, and deep down always, so
    that an input that has itself in it comes to an end."""
    needed = {name: isinstance(one.type, GraphQLNonNull) and one.default is Undefined for name, one in wanted.items()}
    return {
        name: _value(one.type, chance, level)
        for name, one in wanted.items()
        if needed[name] or (level < _DEEPEST and chance.random() < 0.7)
    }


@pytest.mark.parametrize(("coordinate", "field"), [*_fields()], ids=lambda one: one if isinstance(one, str) else "")
def test_a_converter_makes_what_strawberry_makes(coordinate: str, field: GraphQLField) -> None:
    arguments = field.extensions["strawberry-definition"].arguments
    convert, chance = Converters(schema.config, _REGISTRY).of(arguments), Random(coordinate)
    for _ in range(scaled(20, 500)):
        values = _values(field.args, chance)
        assert convert(values) == convert_arguments(values, arguments, _REGISTRY, schema.config), values
