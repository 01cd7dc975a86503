"""What an audience may never see: random documents answer nothing outside their lens, and twins answer alike."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, GraphQLObjectType, get_named_type, parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from api.house import House
from schema.audiences import Lens
from schema.policy import ENTRIES, ROOTS
from schema.root import graphql_schema
from tests.harness import city
from tests.harness.callers import Town, inhabited
from tests.harness.city import Templates
from tests.harness.documents import documents, without_look_ids
from tests.harness.known import known_values
from tests.harness.scale import FULL, scaled

_PERSONAS = [
    "citizen-1",
    "citizen-4",
    "bank-1",
    "employer-1",
    "till-1",
    "partner-1",
    "shop-1",
    "agency-1",
    "provider-1",
    None,
]
_QUERIES = [name.split(".")[1] for name in ROOTS if name.startswith("Query.")]
_CALM = settings(
    deadline=None,
    derandomize=not FULL,
    max_examples=scaled(200, 5000),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


_EVERYTHING = """{ granted(query: {grantId: "GRANT", stage: PRE_LOAN, operator: "甲"}) { grant { id status purpose }
  subject { name kind identity { masked type } } records(first: 100) { pageInfo { hasNextPage endCursor } edges { cursor
  node { id category nature title documentNumber authority occurredOn dateLabel publicity publicityUntil queryUntil
  status statement version recordedAt source { name kind } items { code label value masked } objections { filedAt } }
  } } objections { filedAt } } }"""


class Answered:
    """The coordinates a response holds, found by walking the document and the data side by side."""

    def __init__(self, document: str) -> None:
        node = parse(document)
        self._fragments = {d.name.value: d for d in node.definitions if isinstance(d, FragmentDefinitionNode)}
        self._root = node.definitions[0]

    def coordinates(self, data: dict[str, Any]) -> Iterator[tuple[Lens, str]]:
        query = graphql_schema.query_type
        assert query is not None
        for field in self._root.selection_set.selections:  # type: ignore[attr-defined]
            lens = ROOTS[f"Query.{field.name.value}"].lens
            inner = get_named_type(query.fields[field.name.value].type)
            yield from ((lens, found) for found in self._below(field, inner, data[field.alias.value]))

    def _below(self, field: FieldNode, type_: Any, value: Any) -> Iterator[str]:
        if value is None or not isinstance(type_, GraphQLObjectType) or field.selection_set is None:
            return
        if isinstance(value, list):
            for item in value:
                yield from self._below(field, type_, item)
            return
        for child in self._flat(field.selection_set):
            key = child.alias.value if child.alias else child.name.value
            if key in value and not child.name.value.startswith("__"):
                yield f"{type_.name}.{child.name.value}"
                inner = get_named_type(type_.fields[child.name.value].type)
                yield from self._below(child, inner, value[key])

    def _flat(self, selections: Any) -> Iterator[FieldNode]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                yield from self._flat(self._fragments[node.name.value].selection_set)
            else:
                yield from self._flat(node.selection_set)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_random_documents_answer_nothing_outside_their_lens(town: Town) -> None:
    known = await known_values(town)
    answered = {"data": 0, "refused": 0}
    loop = asyncio.get_running_loop()

    @_CALM
    @given(document=documents(roots=_QUERIES, known=known), persona=st.sampled_from(_PERSONAS))
    def check(document: str, persona: str | None) -> None:
        answer = asyncio.run_coroutine_threadsafe(town.ask(persona, document), loop).result()
        assert answer.status < 500, (document, answer)
        if answer.get("data") is None:
            answered["refused"] += 1
            return
        answered["data"] += 1
        for lens, coordinate in Answered(document).coordinates(answer["data"]):
            assert lens in ENTRIES[coordinate].lenses, (coordinate, document)

    await asyncio.to_thread(check)
    assert answered["data"] > 10, answered
    assert answered["refused"] > 10, answered


@pytest.fixture
async def twins(templates: Templates, backend: str) -> AsyncIterator[tuple[Town, Town]]:
    """Two copies of one city, the second with every value changed that a bank, a till or the public may not see."""
    names = [f"t_{uuid.uuid4().hex[:12]}" for _ in range(2)]
    one, other = [House(templates.settings(await city.copy(templates, backend, name))) for name in names]
    async with inhabited(one) as left, inhabited(other) as right:
        await _change_what_is_forbidden(right)
        yield left, right
    for name in names:
        await city.drop(templates, backend, name)


async def _change_what_is_forbidden(town: Town) -> None:
    """Scores, ungranted categories, the subject's own items, masked middles, everybody who granted nothing."""
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE score SET value = 301, tier = 1, marks = '[]' WHERE value IS NOT NULL"))
        await unit.run(text("UPDATE third_person SET sealed = sealed || sealed"))
        await unit.run(text("UPDATE access SET operator = 'changed', record_count = 99"))
        await unit.run(text("DELETE FROM claim"))
        await unit.run(text("UPDATE stock SET left_over = left_over + 1000"))
        await unit.run(text("UPDATE record SET score_until = '2031-01-01', repair = NULL, content_hash = 'changed'"))
        rows = await unit.all(
            text(
                "SELECT record.id, record.items, record.category, record.status, subject.identity_type,"
                " (SELECT count(*) FROM consent_grant g WHERE g.subject_id = subject.id) AS granted"
                " FROM record JOIN subject ON subject.id = record.subject_id"
            )
        )
        for row in rows:
            items = json.loads(row.items) if isinstance(row.items, str) else dict(row.items)
            organisation = row.identity_type == "USCC"
            if row.status != "CURRENT" or not (organisation or row.granted):
                await unit.run(
                    text("UPDATE record SET title = 'changed', authority = 'changed' WHERE id = :i"), {"i": row.id}
                )
            for code, value in items.items():
                if code.endswith("number"):
                    items[code] = value[:4] + "0" * (len(value) - 6) + value[-2:]
            items |= {"penalty.remark": "changed", "licence.remark": "changed"}
            await unit.run(
                text("UPDATE record SET items = :v WHERE id = :i"),
                {"v": json.dumps(items, ensure_ascii=False), "i": row.id},
            )


async def test_twins_that_differ_in_forbidden_values_answer_alike(twins: tuple[Town, Town]) -> None:
    one, other = twins
    known = await known_values(one)
    loop = asyncio.get_running_loop()
    answered = 0

    async def both(document: str, persona: str | None) -> tuple[bytes, bytes]:
        first, second = await asyncio.gather(one.ask(persona, document), other.ask(persona, document))
        return without_look_ids(first.response.content), without_look_ids(second.response.content)

    @_CALM
    @given(
        document=documents(
            roots=["granted", "published", "parties", "consentNotice", "partner", "recipient"], known=known
        ),
        persona=st.sampled_from(["bank-1", "employer-1", "till-1", "partner-1", None]),
    )
    def check(document: str, persona: str | None) -> None:
        nonlocal answered
        if "asOf" in document:  # the instant of the answer itself
            return
        first, second = asyncio.run_coroutine_threadsafe(both(document, persona), loop).result()
        assert first == second, document
        answered += b'"data":{' in first

    await asyncio.to_thread(check)
    assert answered > 10
    first, second = await both(_EVERYTHING.replace("GRANT", known["grantId"][0]), "bank-1")
    assert b"licence.content" in first
    assert first == second


async def test_the_twins_do_differ_for_their_owner(twins: tuple[Town, Town]) -> None:
    """The proof above could not fail if nothing had been changed."""
    document = "{ me { score { value } records { edges { node { items { code value } } } } } }"
    answers = [await town.data("citizen-1", document) for town in twins]
    assert answers[0] != answers[1]
