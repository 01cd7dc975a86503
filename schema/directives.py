"""Printing the policy table into the SDL: @lens on root fields, @privacy on every other field."""

from collections.abc import Iterator
from typing import Any

import strawberry
from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema
from strawberry.schema_directive import Location

from core.principal import Assurance
from schema import enums
from schema.audiences import Entry, Lens, Level, Root
from schema.policy import ENTRIES, ROOTS

enums.register()  # a directive's arguments are read when its class is made


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="lens",
    description="A root field's audience, and what its caller's token must say.",
)
class LensDirective:
    """A root field's line in the policy table."""

    name: Lens
    signed_in: bool
    scope: str | None
    assurance: Assurance
    takes_back: bool | None = strawberry.UNSET


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.INPUT_FIELD_DEFINITION],
    name="privacy",
    description="What a field says, and through which lenses it may be reached.",
)
class PrivacyDirective:
    """A field's line in the policy table."""

    level: Level
    lenses: list[Lens]


class PolicyMismatch(RuntimeError):
    """The schema and the policy table do not name the same fields."""


def annotate(schema: GraphQLSchema) -> None:
    """Put each field's line of the table on it; raises `PolicyMismatch` when fields and lines are not the same."""
    expected = set(ENTRIES) | set(ROOTS)
    found = set()
    for coordinate, field in _fields(schema):
        found.add(coordinate)
        if coordinate in ROOTS:
            field.directives = (*field.directives, _root(ROOTS[coordinate]))
        elif coordinate in ENTRIES:
            field.directives = (*field.directives, _entry(ENTRIES[coordinate]))
    if found != expected:
        without = ", ".join(sorted(found - expected)) or "-"
        idle = ", ".join(sorted(expected - found)) or "-"
        raise PolicyMismatch(f"fields without a policy: {without}; policies without a field: {idle}")


def _fields(schema: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    for name, type_ in schema.type_map.items():
        if name.startswith("__") or not isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
            continue
        for field_name, field in type_.fields.items():
            yield f"{name}.{field_name}", field.extensions["strawberry-definition"]


def _root(root: Root) -> LensDirective:
    return LensDirective(
        name=root.lens,
        signed_in=root.signed_in,
        scope=root.scope.value if root.scope else None,
        assurance=root.assurance,
        takes_back=root.takes_back or strawberry.UNSET,
    )


def _entry(entry: Entry) -> PrivacyDirective:
    return PrivacyDirective(level=entry.level, lenses=sorted(entry.lenses, key=lambda lens: lens.value))
