"""Whatever gives out what is about people is listed with the release that it waits for, or with the reason why it needs
none (Art. 13, ADR 0167). The list is `leaving.yaml`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_wrapping_type,
)

from oversight.duty.confidentiality import ReleaseKind
from schema.audiences import Lens, Level
from schema.policy import ENTRIES, ROOTS
from schema.root import graphql_schema
from tests.harness.callers import Town

_LISTED: Mapping[str, Mapping[str, str]] = yaml.safe_load(Path(__file__).with_name("leaving.yaml").read_text("utf-8"))
_TELLING = {Level.PERSONAL, Level.SENSITIVE}


def _types(field: GraphQLField) -> list[GraphQLObjectType]:
    """The objects that a field may answer with."""
    named = get_named_type(field.type)
    of = named.types if isinstance(named, GraphQLUnionType) else [named]
    assert not isinstance(named, GraphQLInterfaceType)
    return [one for one in of if isinstance(one, GraphQLObjectType)]


def _is_list(field: GraphQLField) -> bool:
    """Whether there may be many: a list, or a connection's pages."""
    type_: Any = field.type
    while is_wrapping_type(type_):
        if isinstance(type_, GraphQLList):
            return True
        type_ = type_.of_type
    return bool(type_.name.endswith("Connection"))


def _tells(type_: GraphQLObjectType, seen: frozenset[str] = frozenset()) -> bool:
    """Whether anything within is about a subject."""
    if type_.name in seen:
        return False
    return any(
        (entry is not None and entry.level in _TELLING)
        or any(_tells(inner, seen | {type_.name}) for inner in _types(field))
        for name, field in type_.fields.items()
        for entry in [ENTRIES.get(f"{type_.name}.{name}")]
    )


def _lists() -> Iterator[str]:
    """Where others than the subject read lists about people: the queries, and what is right under one."""
    query = graphql_schema.query_type
    assert query is not None
    for name, root in query.fields.items():
        if ROOTS[f"Query.{name}"].lens is Lens.ME:
            continue
        if _is_list(root):
            yield from ([name] if any(map(_tells, _types(root))) else [])
            continue
        for type_ in _types(root):
            for below, field in type_.fields.items():
                if _is_list(field) and any(map(_tells, _types(field))):
                    yield f"{name}.{below}"


def _tickets() -> Iterator[str]:
    """What answers with the path of a file."""
    mutation = graphql_schema.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        if any("path" in type_.fields for type_ in _types(field)):
            yield name


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_every_route_has_its_release_or_a_reason(town: Town) -> None:
    paths = {getattr(route, "path", "?") for route in town.app.routes}
    assert paths - {"/graphql"} == set(_LISTED["routes"])


def test_every_ticket_has_its_release_or_a_reason() -> None:
    assert set(_tickets()) == set(_LISTED["tickets"])


def test_every_list_about_people_has_its_release_or_a_reason() -> None:
    assert set(_lists()) == set(_LISTED["lists"])


def test_an_entry_is_a_release_that_there_is_or_says_why_there_is_none() -> None:
    said = [one for listed in _LISTED.values() for one in listed.values()]
    kinds = {kind.value for kind in ReleaseKind}
    assert kinds <= set(said)
    assert all(len(one) > 20 and one[0].islower() for one in set(said) - kinds)
