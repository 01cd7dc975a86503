"""Random documents of a bank and a state organ, and what anybody may read, while marks come and go: no disputed record
or evaluation goes out bare.

A value is disputed exactly while it says so itself: whoever sets a mark writes the word into the value in the same
transaction, and takes it out where the mark is lifted. An answer in which the two differ was put together of two
moments.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, GraphQLObjectType, get_named_type, parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from audit.lens import Audience, BasisKind, Lens
from credit import marks
from credit.marks import Marked, Value
from credit.tables import evaluation, record
from schema.root import graphql_schema
from tests.harness import asking, contesting, organs
from tests.harness.callers import Town
from tests.harness.documents import documents
from tests.harness.known import known_values
from tests.harness.scale import FULL, scaled

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_DISPUTED, _LACKING = "有争议", "有遗漏"
_SETTINGS = settings(
    deadline=None,
    derandomize=not FULL,
    max_examples=scaled(100, 5000),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
_VIEWS = {"GrantedView", "AgencyView", "PublishedView"}


class Seen:
    """The objects of some types in an answer, each with the values of its fields, whatever they were called."""

    def __init__(self, document: str) -> None:
        node = parse(document)
        self._fragments = {d.name.value: d for d in node.definitions if isinstance(d, FragmentDefinitionNode)}
        self._root: Any = node.definitions[0]

    def objects(self, data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        query = graphql_schema.query_type
        assert query is not None
        for field in self._flat(self._root.selection_set):
            key = field.alias.value if field.alias else field.name.value
            yield from self._below(field, get_named_type(query.fields[field.name.value].type), data.get(key))

    def _below(self, field: FieldNode, type_: Any, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        for one in value if isinstance(value, list) else [value]:
            if one is None or not isinstance(type_, GraphQLObjectType) or field.selection_set is None:
                continue
            said: dict[str, Any] = {}
            inner: list[tuple[str, dict[str, Any]]] = []
            for child in self._flat(field.selection_set):
                key = child.alias.value if child.alias else child.name.value
                if key in one and not child.name.value.startswith("__"):
                    said[child.name.value] = one[key]
                    below = get_named_type(type_.fields[child.name.value].type)
                    inner += self._below(child, below, one[key])
            yield type_.name, {**said, "_inner": inner}
            yield from inner

    def _flat(self, selections: Any) -> Iterator[FieldNode]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                yield from self._flat(self._fragments[node.name.value].selection_set)
            else:
                yield from self._flat(node.selection_set)


def check(seen: Iterator[tuple[str, dict[str, Any]]]) -> int:
    """Every mark stands with its word, and no word without its mark; how many values were judged."""
    judged = 0
    for type_name, said in seen:
        if type_name == "CreditRecord" and "title" in said:
            assert (_DISPUTED in said["title"]) is bool(said["objections"]), said
            judged += 1
        if type_name == "PublicCreditEvaluation" and "basis" in said:
            assert (_DISPUTED in said["basis"]) is bool(said["objections"]), said
            judged += 1
        if type_name in _VIEWS:
            for name, one in said["_inner"]:
                if name == "CreditRecord" and "authority" in one:
                    assert (one["authority"] == _LACKING) is bool(said["objections"]), (said["objections"], one)
                    judged += 1
    return judged


async def _toggle(town: Town, subject_id: str, stop: asyncio.Event, *, graded: bool = False) -> int:
    """Set and lift marks on each record, on the subject and on its evaluation, word and mark in one transaction."""
    lens = Lens(Audience.SUBJECT, BasisKind.SELF, subject_id)
    turns = 0
    async with town.house.database.reading() as unit:
        rows = await unit.all(
            text("SELECT id FROM record WHERE subject_id = :s ORDER BY id LIMIT 4"), {"s": subject_id}
        )
    values = [*(Value(Marked.RECORD, lens, row.id) for row in rows), Value(Marked.OMISSION, lens)]
    values += [Value(Marked.EVALUATION, lens)] if graded else []
    while not stop.is_set():
        for value in values:
            at = datetime.now(UTC)
            for word, act in ((True, marks.mark), (False, marks.lift)):
                async with town.house.database.writing() as unit:
                    await _say(unit, value, word)
                    await act(unit, value, filed_at=at, at=at)
                await asyncio.sleep(0.001)
        turns += 1
    return turns


async def _say(unit: Any, value: Value, word: bool) -> None:
    if value.kind is Marked.RECORD:
        title = _DISPUTED if word else "无"
        await unit.run(record.update().where(record.c.id == value.record_id).values(title=title))
        return
    if value.kind is Marked.EVALUATION:
        basis = _DISPUTED if word else "无"
        mine = evaluation.c.subject_id == value.lens.subject_id
        await unit.run(evaluation.update().where(mine).values(basis=basis))
        return
    authority = _LACKING if word else "无"
    await unit.run(record.update().where(record.c.subject_id == value.lens.subject_id).values(authority=authority))


async def test_no_random_document_answers_a_disputed_value_bare(town: Town) -> None:
    known = await known_values(town)
    known["stage"], known["purpose"] = ["PRE_LOAN"], ["LICENSING"]
    theirs = {**known, **await _of_company(town)}
    subject_id = await contesting.subject_of(town, "citizen-1")
    company_id = await contesting.subject_of(town, "company-1-legal")
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    toggling = asyncio.create_task(_toggle(town, subject_id, stop))
    grading = asyncio.create_task(_toggle(town, company_id, stop, graded=True))
    judged, graded = 0, 0

    async def judge(persona: str, document: str) -> None:
        nonlocal judged
        answer = await town.ask(persona, document)
        assert answer.status < 500 or answer.code == "UNAVAILABLE", (document, answer)
        if answer.get("data"):
            judged += check(Seen(document).objects(answer["data"]))

    @_SETTINGS
    @given(
        document=st.sampled_from([known, theirs]).flatmap(
            lambda values: documents(roots=["granted", "agency"], known=values)
        ),
        persona=st.sampled_from(["bank-1", "agency-1"]),
    )
    def run(document: str, persona: str) -> None:
        asyncio.run_coroutine_threadsafe(judge(persona, document), loop).result()

    async def judge_company(around: str) -> int:
        """The company's evaluation, through its grant and by a mandate, and its public records; how many values."""
        graded_page = around % "evaluation { basis objections { filedAt } }"
        public_page = around % "records { edges { node { title authority objections { filedAt } } } }"
        found = 0
        for persona, root, query, page in (
            (
                "bank-1",
                "granted",
                {"grantId": theirs["grantId"][0], "stage": "PRE_LOAN", "operator": "甲"},
                graded_page,
            ),
            ("agency-1", "agency", {**asked, "caseNumber": theirs["caseNumber"][0]}, graded_page),
            (None, "published", {"uscc": theirs["number"][0]}, public_page),
        ):
            kind = f"{root[0].upper()}{root[1:]}QueryInput"
            document = f"query($q: {kind}!) {{ {root}(query: $q) {{ {page} }} }}"
            answer = await town.ask(persona, document, {"q": query})
            assert answer.get("data") or answer.code == "UNAVAILABLE", answer
            if answer.get("data"):
                found += check(Seen(document).objects(answer["data"]))
        return found

    subject = {name: theirs[name][0] for name in ("type", "number", "name")}
    asked = {"purpose": theirs["purpose"][0], "mandateId": theirs["mandateId"][0], "subject": subject}
    mandate = (await organs.query(town, "citizen-1"))["q"]
    for turn in range(scaled(40, 2000)):
        # The mark before the records, and after them: both ways round, among the random ones.
        around = ("objections { filedAt } %s", "%s objections { filedAt }")[turn % 2]
        page = around % "records { edges { node { title authority objections { filedAt } } } }"
        granted = (
            f'{{ granted(query: {{grantId: "{known["grantId"][0]}", stage: PRE_LOAN, operator: "甲"}}) {{ {page} }} }}'
        )
        await judge("bank-1", granted)
        answer = await town.ask(
            "agency-1", f"query($q: AgencyQueryInput!) {{ agency(query: $q) {{ {page} }} }}", {"q": mandate}
        )
        if answer.get("data"):
            judged += check(Seen(f"{{ agency {{ {page} }} }}").objects(answer["data"]))
        graded += await judge_company(around)
    await asyncio.to_thread(run)
    stop.set()
    assert await toggling > 5
    assert await grading > 5
    assert judged > 100, judged
    assert graded > 50, graded


async def _of_company(town: Town) -> dict[str, list[str]]:
    """What random documents need to reach a company with an evaluation: through a grant that shows it, and by a mandate
    that covers it."""
    who = await asking.company(town)
    made = await asking.ask(town, "graded", subject={"identity": who}, includesEvaluation=True)
    for persona in ("company-1-seal", "company-1-legal"):
        await asking.approve(town, persona, made["grant"]["id"])
    mandates = (await town.data("agency-1", organs.MANDATES))["agencyWork"]["mandates"]
    covering = next(one for one in mandates if "EVALUATION_RESULT" in one["categories"])
    return {
        "grantId": [made["grant"]["id"]],
        "mandateId": [covering["id"]],
        "purpose": [covering["purpose"]],
        "stage": ["PRE_LOAN"],
        **{name: [who[name]] for name in ("number", "type", "name")},
    }
