"""Every post × every operation (Art. 13), whatever its token says: what a post does not cover answers and changes
nothing, and what it covers is not refused for want of a right. The table is `permissions.yaml`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

from api.house import House
from parties.kinds import Post
from schema.policy import ROOTS
from schema.root import graphql_schema
from tests.harness.asking import identity
from tests.harness.callers import Answered, Town, inhabited
from tests.harness.everything import stored
from tests.harness.posts import PLACES, everybody, unhurried
from tests.harness.scale import FULL

_TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("permissions.yaml").read_text("utf-8"))
_SCALARS: Mapping[str, Any] = {
    "String": "x",
    "ID": "x",
    "Int": 1,
    "Boolean": True,
    "Decimal": "1.00",
    "Date": "2026-11-26",
    "DateTime": "2026-11-26T00:00:00Z",
}
_KINDS = {
    "query": graphql_schema.query_type,
    "mutation": graphql_schema.mutation_type,
    "subscription": graphql_schema.subscription_type,
}


def _operations() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Each root field, by its name, as a document with what it must be given; and each field of the one root whose
    fields ask for rights of their own."""
    for kind, type_ in _KINDS.items():
        assert type_ is not None
        for name, field in type_.fields.items():
            inner = get_named_type(field.type)
            coordinate = f"{type_.name}.{name}"
            if ROOTS[coordinate].scope is None and name == "approvals":
                assert isinstance(inner, GraphQLObjectType)
                for below, made in inner.fields.items():
                    yield (f"{name}.{below}", *_document(kind, below, made, f"{name} {{ ", " }"))
            else:
                yield (name, *_document(kind, name, field))


def _document(
    kind: str, name: str, field: GraphQLField, before: str = "", after: str = ""
) -> tuple[str, Mapping[str, Any]]:
    # Of a subscription everything: its cursor, nobody's, ends at once what might go on for ever.
    given_all = kind == "subscription"
    needed = {arg: one.type for arg, one in field.args.items() if given_all or is_required_argument(one)}
    head = ", ".join(f"${arg}: {type_}" for arg, type_ in needed.items())
    given = ", ".join(f"{arg}: ${arg}" for arg in needed)
    inner = get_named_type(field.type)
    chosen = " { __typename }" if hasattr(inner, "fields") or hasattr(inner, "types") else ""
    asked = f"{before}{name}{f'({given})' if given else ''}{chosen}{after}"
    return f"{kind}{f'({head})' if head else ''} {{ {asked} }}", {a: _value(t) for a, t in needed.items()}


def _value(type_: Any) -> Any:
    """The least that a type can be given."""
    if isinstance(type_, GraphQLNonNull):
        return _value(type_.of_type)
    if isinstance(type_, GraphQLList):
        return [_value(type_.of_type)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        needed = {name: one.type for name, one in type_.fields.items() if is_required_input_field(one)}
        return _NAMED if type_.name == "IdentityInput" else {name: _value(one) for name, one in needed.items()}
    return _SCALARS[type_.name]


# Filled with somebody's real number: what is refused must not be refused for a number that is nobody's.
_NAMED: dict[str, str] = {}
_ALL = {name: (document, values) for name, document, values in _operations()}


async def _ask(town: Town, token: str, name: str) -> Answered:
    document, values = _ALL[name]
    headers = {"Authorization": f"Bearer {token}"}
    if not document.startswith("subscription"):
        return await town.ask(None, document, values, headers=headers)
    return await _listen(town, {"query": document, "variables": values}, headers)


async def _listen(town: Town, body: Mapping[str, Any], headers: Mapping[str, str]) -> Answered:
    """The refusal of a subscription; or its one event, which shows that a stream might have begun."""
    response = await town.http.post("/graphql", json=body, headers={**headers, "Accept": "text/event-stream"})
    if response.headers["content-type"].startswith("text/event-stream"):
        said = response.text.partition("data: ")[2].partition("\n")[0]
        response = httpx.Response(response.status_code, content=said)
        assert Answered(response).code == "BAD_CURSOR"
    return Answered(response)


def _is_refused(answer: Answered) -> bool:
    return answer.status == 403 and answer.code == "FORBIDDEN"


def _may(place: str, post: Post) -> set[str]:
    return {*_TABLE["everybody"], *_TABLE[place][post.value]}


def test_the_table_names_every_post_and_every_operation_is_somebodys() -> None:
    assert set(_TABLE) == {"everybody", *PLACES}
    named = {name for place in PLACES for post in Post for name in _may(place, post)}
    assert all(set(_TABLE[place]) == {post.value for post in Post} for place in PLACES)
    # What is asked on one's own behalf is no post's.
    persons = {name for name in _ALL if name not in named}
    assert named | persons == set(_ALL)
    assert {ROOTS[_coordinate(name)].lens.value for name in persons} <= {"ME", "REPORT"}


def _coordinate(name: str) -> str:
    return next(f"{type_.name}.{name}" for type_ in _KINDS.values() if type_ is not None and name in type_.fields)


@pytest.mark.parametrize("place", PLACES)
async def test_every_post_and_every_operation(house: House, backend: str, place: str) -> None:
    if place != "city" and backend == "postgresql" and not FULL:
        pytest.skip("of another organisation's posts PostgreSQL is asked in the proof")
    unhurried(house)
    async with inhabited(house) as town:
        _NAMED.update(await identity(town, "citizen-4"))
        tokens = await everybody(town, place)
        before, looked = await stored(town), await _looks(town)
        asked = set(_ALL) if FULL or (place, backend) == ("city", "sqlite") else _one_of_each_right()
        for post, token in tokens.items():
            for name in sorted(asked - _may(place, post)):
                answer = await _ask(town, token, name)
                assert _is_refused(answer), (post, name, answer)
                assert set(answer) == {"errors"}, (post, name, answer)
                assert _NAMED["name"] not in answer.response.text
        assert await stored(town) == before
        assert await _looks(town) == looked, "nobody was looked at"
        for post, token in tokens.items():
            for name in sorted(asked & _may(place, post)):
                assert not _is_refused(await _ask(town, token, name)), (post, name)


def _one_of_each_right() -> set[str]:
    """Of the operations that ask for one right, one query and one mutation; each that asks for none of its own."""
    found = {}
    for name in sorted(_ALL):
        coordinate = _coordinate(name.partition(".")[0])
        right = ROOTS[coordinate].scope
        found[right or name, coordinate.partition(".")[0]] = name
    return set(found.values())


async def _looks(town: Town) -> int:
    return await town.count("SELECT count(*) FROM access WHERE refused IS NULL")
