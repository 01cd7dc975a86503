"""A state organ looks by law: under its own mandate, for a case, at whom it can name; and whoever it was is told."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from api import personas
from tests.harness import organs
from tests.harness.callers import Town

_ACCESS = "SELECT count(*) FROM access WHERE basis = 'STATUTE'"


async def test_the_whole_walk(town: Town) -> None:
    """Mandate, look, sentence: the citizen reads organ, purpose, case, instrument, article, kinds and how many."""
    answer = await organs.look(town, "citizen-1")
    view = answer["data"]["agency"]
    assert (view["subject"]["name"], view["caseNumber"]) == ("林海生", "海政许〔2026〕17号")
    assert {edge["node"]["category"] for edge in view["records"]["edges"]} == {"ADMINISTRATIVE"}
    line = (await organs.trail(town, "citizen-1"))[0]
    assert line == {
        "id": view["lookId"],
        "basis": "STATUTE",
        "purpose": "LICENSING",
        "caseNumber": "海政许〔2026〕17号",
        "recordCount": 2,
        "actor": {"name": "海津市政务服务办公室", "operator": "许可经办人"},
        "grant": None,
        "summary": "海津市政务服务办公室依照《海津市行政许可信用审查办法（示例）》（海津政规〔2025〕3号）第九条，"
        "为“行政许可（案号海政许〔2026〕17号）”通过网站查看了您的信息：行政管理信息，共2条。",
    }


async def test_an_organ_sees_what_is_for_organs_only_and_a_bank_does_not(town: Town) -> None:
    grant = (await town.grant("citizen-1", key="organs"))["grant"]["id"]
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE record SET publicity = 'ORGANS_ONLY'"))
    found = (await organs.look(town, "citizen-1"))["data"]["agency"]["records"]["edges"]
    assert {edge["node"]["publicity"] for edge in found} == {"ORGANS_ONLY"}
    items = [item for edge in found for item in edge["node"]["items"]]
    assert not any(item["code"].endswith(".remark") for item in items), "the subject's own"
    assert all(item["masked"] for item in items if item["code"] == "licence.certificate_number")
    document = (
        "query($q: GrantedQueryInput!) { granted(query: $q) { objections { filedAt }"
        " records { edges { node { objections { filedAt } } } } } }"
    )
    seen = await town.data("bank-1", document, {"q": {"grantId": grant, "stage": "PRE_LOAN", "operator": "甲"}})
    assert seen["granted"]["records"]["edges"] == []


async def test_a_disputed_record_never_goes_out_without_its_mark(town: Town) -> None:
    bare = (
        "query($q: AgencyQueryInput!) { agency(query: $q) { objections { filedAt }"
        " records { edges { node { title } } } } }"
    )
    refused = await town.ask("agency-1", bare, await organs.query(town, "citizen-4"))
    assert (refused.status, refused.code) == (422, "MARK_REQUIRED")
    found = (await organs.look(town, "citizen-4"))["data"]["agency"]["records"]["edges"]
    assert any(edge["node"]["objections"] for edge in found)


@pytest.mark.parametrize("who", ["nobody", "another's name", "a minor", "a foreign mandate", "no mandate"])
async def test_unknown_absent_and_foreign_read_alike(town: Town, who: str) -> None:
    someone = organs.identity("citizen-2")
    changed: dict[str, Any] = {"subject": someone}
    if who == "another's name":
        changed["subject"] = {**someone, "name": "林海生"}
    elif who == "a foreign mandate":
        changed |= {"mandateId": await organs.mandate(town, "FUNDING_SUPPORT", by="industry-1")}
    elif who == "no mandate":
        changed["mandateId"] = "agm_00000000000000000000"
    elif who == "a minor":
        async with town.house.database.writing() as unit:
            await unit.run(text("UPDATE subject SET adult_from = '2999-01-01' WHERE adult_from IS NOT NULL"))
    absent = await organs.look(town, "citizen-2", subject=organs.NOBODY)
    answer = absent if who == "nobody" else await organs.look(town, "citizen-2", **changed)
    assert answer.code == "NOT_AVAILABLE"
    assert answer.response.content == absent.response.content
    assert await town.count(_ACCESS + " AND refused IS NULL") == 0
    assert await town.count(_ACCESS) >= 1


async def test_what_the_mandate_does_not_cover_refuses_the_whole_look_and_the_citizen_is_told(town: Town) -> None:
    variables = {**await organs.query(town, "citizen-2"), "f": {"categories": ["ADMINISTRATIVE", "JUDICIAL"]}}
    refused = await town.ask("agency-1", organs.LOOK, variables)
    assert (refused["data"], refused.code) == (None, "NOT_GRANTED")
    assert [detail["code"] for detail in refused["errors"][0]["extensions"]["details"]] == ["JUDICIAL"]
    other = await organs.look(town, "citizen-2", purpose="TENDERING")
    assert other.code == "NOT_GRANTED"
    told = await organs.trail(town, "citizen-2")
    attempts = [line["summary"] for line in told if line["basis"] == "STATUTE"]
    assert attempts == ["海津市政务服务办公室试图查看您的信息，未获准许，没有得到任何内容。"] * 2


@pytest.mark.parametrize("by", ["bank-1", "citizen-3"])
async def test_who_is_no_organ_sees_nothing_and_only_an_organisation_is_named(town: Town, by: str) -> None:
    refused = await organs.look(town, "citizen-2", by=by)
    assert (refused.status, refused.code) == (403, "FORBIDDEN")
    told = [line for line in await organs.trail(town, "citizen-2") if line["basis"] == "STATUTE"]
    assert [line["actor"]["name"] for line in told] == (["海津示例银行"] if by == "bank-1" else [])
    assert await town.count(_ACCESS + " AND refused = 'FORBIDDEN'") == 1


async def test_an_organisation_that_the_caller_is_not_of_fills_nobodys_trail(town: Town) -> None:
    async with town.house.database.reading() as unit:
        organ = await personas.party_of(unit, "agency-1")
    variables = await organs.query(town, "citizen-2")
    token = personas.mint(town.house.rings, "industry-1", organ, audience="haihe", at=datetime.now(UTC))
    refused = await town.ask(None, organs.LOOK, variables, headers={"Authorization": f"Bearer {token}"})
    assert (refused.status, refused.code) == (403, "FORBIDDEN")
    assert not [line for line in await organs.trail(town, "citizen-2") if line["basis"] == "STATUTE"]


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"caseNumber": " "}, ["query", "caseNumber"], "LENGTH"),
        ({"caseNumber": "许" * 61}, ["query", "caseNumber"], "LENGTH"),
        ({"caseNumber": "129901199001011230"}, ["query", "caseNumber"], "IDENTITY_NUMBER"),
        (
            {"subject": {"type": "RESIDENT_ID", "number": "1", "name": "甲"}},
            ["query", "subject", "number"],
            "NUMBER_FORMAT",
        ),
        ({"subject": {"type": "RESIDENT_ID", "number": "1", "name": ""}}, ["query", "subject", "name"], "LENGTH"),
    ],
)
async def test_bad_input_is_refused_by_its_path(
    town: Town, changed: dict[str, Any], path: list[str], code: str
) -> None:
    refused = await organs.look(town, "citizen-2", **changed)
    assert refused.code == "INVALID_INPUT"
    details = refused["errors"][0]["extensions"]["details"]
    assert [(detail["path"], detail["code"]) for detail in details] == [(path, code)]
    assert await town.count(_ACCESS + " AND refused IS NULL") == 0


async def test_one_subject_a_document(town: Town) -> None:
    twice = "query($q: AgencyQueryInput!) { a: agency(query: $q) { lookId } b: agency(query: $q) { lookId } }"
    refused = await town.ask("agency-1", twice, await organs.query(town, "citizen-2"))
    assert (refused.status, refused.code) == (422, "ONE_AGENCY")


async def test_pages_go_on_and_each_is_a_look(town: Town) -> None:
    variables = await organs.query(
        town, "citizen-7", purpose="COMMENDATION", mandateId=await organs.mandate(town, "COMMENDATION")
    )
    first = (await town.data("agency-1", organs.LOOK, variables))["agency"]["records"]
    second = await town.data("agency-1", organs.LOOK, {**variables, "after": first["pageInfo"]["endCursor"]})
    pages = [edge["node"]["id"] for page in (first, second["agency"]["records"]) for edge in page["edges"]]
    assert len(set(pages)) == len(pages) == 4
    assert await town.count(_ACCESS + " AND record_count = 2") == 2


async def test_the_desk_lists_the_organs_own_looks_and_never_whom_at(town: Town) -> None:
    await organs.look(town, "citizen-1")
    await organs.look(town, "citizen-2", subject=organs.NOBODY)
    desk = "{ agencyWork { looks { edges { node { id purpose caseNumber summary recordCount actor { name } } } } } }"
    mine = [edge["node"] for edge in (await town.data("agency-2", desk))["agencyWork"]["looks"]["edges"]]
    assert [line["recordCount"] for line in mine] == [0, 2]
    assert "查看了该主体的信息" in mine[1]["summary"]
    assert "林海生" not in str(mine)
    assert (await town.data("industry-1", desk))["agencyWork"]["looks"]["edges"] == []
    assert (await town.ask("bank-1", desk)).code == "FORBIDDEN"
    asks_whom = desk.replace("purpose", "grant { id }")
    assert (await town.ask("agency-2", asks_whom)).code == "FIELD_NOT_ALLOWED"


async def test_looks_at_b_never_change_as_trail(town: Town) -> None:
    before = await organs.trail(town, "citizen-1")
    await organs.look(town, "citizen-2")
    await organs.look(town, "citizen-2", purpose="TENDERING")
    assert (await organs.trail(town, "citizen-1"))[1:] == before, "but for the own look that read it"
