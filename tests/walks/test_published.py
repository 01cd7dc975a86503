"""What anyone may see of an organisation without signing in, and what nobody may see of a person."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from api.demo import people
from api.house import House
from tests.harness import city, contesting, objecting
from tests.harness.callers import Town, inhabited
from tests.harness.noting import noted

_BY_NAME = """query($q: PublishedQueryInput!) { published(query: $q) { name uscc
  records { edges { node { title publicity status items { code masked } objections { filedAt } } } }
  objections { filedAt } } }"""
_COMPANY = "海津示例餐饮管理有限公司"


async def test_an_organisation_is_found_by_its_whole_name_or_its_code(town: Town) -> None:
    by_name = (await town.data(None, _BY_NAME, {"q": {"name": _COMPANY}}))["published"]
    by_code = (await town.data(None, _BY_NAME, {"q": {"uscc": by_name["uscc"]}}))["published"]
    assert by_name == by_code
    assert by_name["name"] == _COMPANY
    assert all(edge["node"]["publicity"] == "PUBLIC" for edge in by_name["records"]["edges"])
    for part in (_COMPANY[:-1], _COMPANY[:4], "", "%"):
        assert (await town.data(None, _BY_NAME, {"q": {"name": part}}))["published"] is None


async def test_a_natural_person_is_never_found(town: Town) -> None:
    person = people.citizen(0, city.SEED, city.built_on())
    for query in ({"name": "林海生"}, {"uscc": person.number}):
        absent = await town.ask(None, _BY_NAME, {"q": {"name": "没有这家公司"}})
        found = await town.ask(None, _BY_NAME, {"q": query})
        assert found.response.content == absent.response.content


async def test_absent_a_person_a_shared_and_a_wrong_name_are_one_answer_by_one_statement(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = (await town.data("shop-1", "{ me { name } }"))["me"]["name"]
    person = await town.data("citizen-1", "{ me { name } }")
    async with town.house.database.writing() as unit:
        shared = {"n": unit.vault.lookup("name", "同名公司"), "c": unit.vault.lookup("name", _COMPANY)}
        named = "UPDATE subject SET name_hash = :n WHERE kind = 'LEGAL_PERSON' AND name_hash <> :c"
        await unit.run(text(named), shared)
        assert len(await unit.all(text("SELECT id FROM subject WHERE name_hash = :n"), {"n": shared["n"]})) > 1
    statements = noted(monkeypatch)
    answers, work = [], []
    for name in (
        "没有这家公司",
        person["me"]["name"],
        "同名公司",
        _COMPANY[:-1],
        f" {_COMPANY}",
        _COMPANY + "　",
        "%",
        "x" * 9000,
    ):
        statements.clear()
        answers.append((await town.ask(None, _BY_NAME, {"q": {"name": name}})).response.content)
        work.append([*statements])
    assert set(answers) == {b'{"data":{"published":null}}'}
    assert all(done == work[0] for done in work)
    assert (await town.data(None, _BY_NAME, {"q": {"name": shop}}))["published"]["name"] == shop


async def test_an_individual_business_shows_its_code_and_no_number_of_its_owner(town: Town) -> None:
    own = (await town.data("shop-1", "{ me { name kind identity { type } } }"))["me"]
    assert (own["kind"], own["identity"]["type"]) == ("INDIVIDUAL_BUSINESS", "USCC")
    answer = await town.ask(None, _BY_NAME, {"q": {"name": own["name"]}})
    assert answer["data"]["published"]["uscc"].startswith("92")
    assert re.findall(r"1299\d{2}(?:19|20)\d{9}[\dX]", answer.response.text) == []


async def test_a_person_who_bears_a_code_by_mistake_is_not_found(town: Town) -> None:
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE subject SET kind = 'NATURAL_PERSON' WHERE identity_type = 'USCC'"))
    assert (await town.data(None, _BY_NAME, {"q": {"name": _COMPANY}}))["published"] is None


@pytest.mark.parametrize(
    ("column", "value"),
    [("publicity", "ON_AUTHORISATION"), ("publicity", "ORGANS_ONLY"), ("status", "REPAIRED"), ("status", "WITHDRAWN")],
)
async def test_only_what_is_public_and_current_is_shown(town: Town, column: str, value: str) -> None:
    assert (await town.data(None, _BY_NAME, {"q": {"name": _COMPANY}}))["published"]["records"]["edges"]
    async with town.house.database.writing() as unit:
        await unit.run(text(f"UPDATE record SET {column} = '{value}'"))
    assert (await town.data(None, _BY_NAME, {"q": {"name": _COMPANY}}))["published"]["records"]["edges"] == []


async def test_searching_without_a_sign_in_is_limited_and_asks_no_database(town: Town) -> None:
    limited = town.house.settings.model_copy(update={"anonymous_per_minute": 3})
    async with inhabited(House(limited)) as other:
        answers = [await other.ask(None, _BY_NAME, {"q": {"name": _COMPANY}}) for _ in range(4)]
        check = await other.ask(None, '{ reportCheck(number: "x", code: "y") { state } }')
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert (answers[3].code, check.code) == ("RATE_LIMITED", "RATE_LIMITED")


@pytest.mark.parametrize("query", [{}, {"name": _COMPANY, "uscc": "x"}])
async def test_exactly_one_of_name_and_code(town: Town, query: dict[str, str]) -> None:
    refused = await town.ask(None, _BY_NAME, {"q": query})
    assert (refused["data"], refused.code) == (None, "INVALID_INPUT")


async def test_looking_at_what_is_public_is_not_logged(town: Town) -> None:
    before = await town.count("SELECT count(*) FROM access")
    await town.data(None, _BY_NAME, {"q": {"name": _COMPANY}})
    assert await town.count("SELECT count(*) FROM access") == before


async def test_what_is_published_no_more_is_its_subjects_still(town: Town) -> None:
    assert (await town.data(None, _BY_NAME, {"q": {"name": _COMPANY}}))["published"]["records"]["edges"]
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE record SET publicity_until = '2020-01-01'"))
    assert (await town.data(None, _BY_NAME, {"q": {"name": _COMPANY}}))["published"]["records"]["edges"] == []
    own = await town.data("company-1-legal", "{ me { records { edges { node { id } } } } }")
    assert own["me"]["records"]["edges"]


async def test_a_page_at_a_time_is_the_whole_list(town: Town) -> None:
    document = (
        "query($a: String) { offers(first: 7, after: $a) { edges { node { id } } pageInfo { hasNextPage endCursor } } }"
    )
    seen: list[str] = []
    after = None
    while True:
        page = (await town.data(None, document, {"a": after}))["offers"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    whole = await town.data(None, "{ offers(first: 100) { edges { node { id } } } }")
    assert seen == [edge["node"]["id"] for edge in whole["offers"]["edges"]]
    assert len(seen) == len(set(seen)) == 60


async def test_offers_by_sector_district_and_word(town: Town) -> None:
    document = """query($s: Sector, $d: String, $w: String) { offers(first: 100, sector: $s, district: $d, search: $w) {
      edges { node { sector title stores { district } } } } }"""
    for variables in ({"s": "ELDERCARE"}, {"d": "滨河区"}, {"w": "先诊疗"}, {"w": "%"}, {"d": "无此区"}):
        edges = (await town.data(None, document, variables))["offers"]["edges"]
        nodes = [edge["node"] for edge in edges]
        assert all(node["sector"] == variables.get("s", node["sector"]) for node in nodes)
        assert all(variables.get("w", "") in node["title"] for node in nodes)
        if "d" in variables:
            assert all(variables["d"] in [store["district"] for store in node["stores"]] for node in nodes)
        assert bool(nodes) == (variables not in ({"w": "%"}, {"d": "无此区"}))


async def test_what_anybody_may_read_carries_its_mark_in_the_same_statements(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A contested record, and what is contested to be missing: while it is open, and no longer (ADR 0135)."""
    statements = noted(monkeypatch)

    async def seen() -> tuple[list[Any], list[Any], list[str]]:
        statements.clear()
        view = (await town.data(None, _BY_NAME, {"q": {"name": _COMPANY}}))["published"]
        marks = [edge["node"]["objections"] for edge in view["records"]["edges"]]
        return view["objections"], [mark for mark in marks if mark], [*statements]

    assert await seen() == ([], [], statements)
    record = await contesting.record_of(town, "company-1-legal")
    missing = {
        "target": "MISSING_RECORD",
        "targetId": None,
        "ground": "OMISSION",
        "request": "ADD",
        "described": "荣誉",
    }
    made = [
        await contesting.file(town, "company-1-legal", key="record", targetId=record),
        await contesting.file(town, "company-1-legal", key="missing", **missing),
    ]
    omitted, marked, asked = await seen()
    assert (len(omitted), len(marked)) == (1, 1)
    assert len(asked) == 2, "who it is, and what is published of it"
    for one in made:
        await objecting.withdrawn(town, one["objection"]["id"], "company-1-legal")
    assert (await seen())[:2] == ([], [])


@pytest.mark.parametrize(
    "bare",
    [
        "objections { filedAt } records { edges { node { title } } }",
        "records { edges { node { title objections { filedAt } } } }",
    ],
)
async def test_a_public_record_is_not_selected_without_its_marks(town: Town, bare: str) -> None:
    refused = await town.ask(None, f'{{ published(query: {{name: "{_COMPANY}"}}) {{ {bare} }} }}')
    assert (refused.status, refused.code) == (422, "MARK_REQUIRED")
