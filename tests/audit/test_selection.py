"""What the log says was selected is what was answered: both are walked, field by field, for random operations."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    get_named_type,
    parse,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from schema.audiences import Level
from schema.policy import ENTRIES
from schema.root import graphql_schema
from tests.harness.callers import Town
from tests.harness.documents import operations
from tests.harness.known import known_values
from tests.harness.scale import FULL, scaled

_CALM = settings(
    deadline=None,
    derandomize=not FULL,
    max_examples=scaled(150, 5000),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
_LOGGED = text(
    "SELECT s.fields, a.codes FROM access a JOIN look_shape s ON s.id = a.shape_id WHERE a.document IS NOT NULL"
    " AND a.refused IS NULL ORDER BY a.at DESC, a.id LIMIT :n"
)


class _Walk:
    """Walks a document and its answer together."""

    def __init__(self, document: str, variables: Mapping[str, Any]) -> None:
        found = parse(document).definitions
        self._operation = next(node for node in found if isinstance(node, OperationDefinitionNode))
        self._fragments = {node.name.value: node for node in found if isinstance(node, FragmentDefinitionNode)}
        self._variables = variables
        self.codes: set[str] = set()

    def roots(self, data: Mapping[str, Any]) -> dict[str, set[str]]:
        """Every personal coordinate under each root key; below a null or an empty list, what was selected there."""
        query = graphql_schema.query_type
        found: dict[str, set[str]] = {}
        for node in self._fields(self._operation.selection_set):
            if not node.name.value.startswith("__"):
                seen = found.setdefault(_key(node), set())
                seen |= set(self._below(node, query, data[_key(node)]))
        return {
            key: {c for c in seen if ENTRIES.get(c) and ENTRIES[c].level in (Level.PERSONAL, Level.SENSITIVE)}
            for key, seen in found.items()
        }

    def _below(self, node: FieldNode, parent: Any, value: Any) -> Iterator[str]:
        yield f"{parent.name}.{node.name.value}"
        if (parent.name, node.name.value) == ("RecordItem", "code") and value is not None:
            self.codes.add(value)
        inner = get_named_type(parent.fields[node.name.value].type)
        if node.selection_set is not None:
            for item in (value or [None]) if isinstance(value, list) else [value]:
                for child in self._fields(node.selection_set):
                    if child.name.value != "__typename":
                        yield from self._below(child, inner, item[_key(child)] if item is not None else None)

    def _fields(self, selections: Any) -> Iterator[FieldNode]:
        for node in selections.selections:
            if all(self._flag(d) is (d.name.value == "include") for d in node.directives or ()):
                if isinstance(node, FieldNode):
                    yield node
                elif isinstance(node, FragmentSpreadNode):
                    yield from self._fields(self._fragments[node.name.value].selection_set)
                else:
                    yield from self._fields(node.selection_set)

    def _flag(self, directive: Any) -> bool:
        value = directive.arguments[0].value
        return bool(self._variables[value.name.value] if hasattr(value, "name") else value.value)


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


async def test_logged_selection_is_answered_selection(town: Town, figures: dict[str, int]) -> None:
    import asyncio

    known = await known_values(town)
    loop = asyncio.get_running_loop()
    compared = {"operations": 0, "looks": 0}

    def run(asked: tuple[tuple[str, dict[str, Any]], str]) -> None:
        (document, variables), persona = asked
        asyncio.run_coroutine_threadsafe(_compare(town, document, variables, persona, compared), loop).result()

    # Mostly what somebody may ask at all, and both roots by anybody as well.
    by = {("me",): ["citizen-1", "citizen-4"], ("granted",): ["bank-1"], ("me", "granted"): ["citizen-1", "bank-1"]}
    drawn = [
        st.tuples(operations(roots=roots, known=known), st.sampled_from(personas)) for roots, personas in by.items()
    ]
    await asyncio.to_thread(_CALM(given(st.one_of(*drawn))(run)))
    figures.update(compared)
    # Not idle: what is drawn changes with the schema, and about one in ten of it is answered.
    assert compared["looks"] > compared["operations"] / 20


async def _compare(
    town: Town, document: str, variables: dict[str, Any], persona: str, compared: dict[str, int]
) -> None:
    compared["operations"] += 1
    before = await town.count("SELECT count(*) FROM access WHERE refused IS NULL")
    answer = await town.ask(persona, document, variables)
    if "errors" in answer or answer.get("data") is None:
        return
    walk = _Walk(document, variables)
    seen = walk.roots(answer["data"])
    looks = await town.count("SELECT count(*) FROM access WHERE refused IS NULL") - before
    async with town.house.database.reading() as unit:
        rows = await unit.all(_LOGGED, {"n": looks})
    logged = [set(_list(row.fields)) for row in rows]
    for fields in seen.values():
        assert fields in logged, (document, variables)
        logged.remove(fields)
    assert logged == []
    assert walk.codes <= {code for row in rows for code in _list(row.codes)}
    compared["looks"] += looks


def _list(value: Any) -> list[str]:
    import json

    return list(json.loads(value) if isinstance(value, str) else value)
