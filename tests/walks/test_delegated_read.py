"""Walk 2: a citizen lets a bank look at some kinds of information; revoking ends it at once."""

import pytest
from sqlalchemy import text

from tests.harness.callers import Town

_GRANTED = """query($q: GrantedQueryInput!, $f: RecordFilter) { granted(query: $q) {
  grant { status usesLeft } subject { name identity { masked } }
  objections { filedAt }
  records(filter: $f) { edges { node { category title items { code value masked } objections { filedAt } } } } } }"""


def _look(grant_id: str, **more: str) -> dict[str, dict[str, str]]:
    return {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "信贷员甲", **more}}


async def test_the_whole_walk(town: Town) -> None:
    made = await town.grant("citizen-2", key="walk")
    grant_id = made["grant"]["id"]
    view = (await town.data("bank-1", _GRANTED, _look(grant_id)))["granted"]
    assert view["subject"]["name"] == "吴秀兰"
    assert {edge["node"]["category"] for edge in view["records"]["edges"]} == {"ADMINISTRATIVE"}
    ended = await town.act("citizen-2", "grantRevoke", {"grantId": grant_id}, "grant { status endedBy } replayed")
    assert ended["grant"] == {"status": "REVOKED", "endedBy": "SUBJECT"}
    after = await town.ask("bank-1", _GRANTED, _look(grant_id))
    assert after["data"] is None
    assert after.code == "GRANT_ENDED"


async def test_the_look_is_told_to_the_citizen(town: Town) -> None:
    made = await town.grant("citizen-7", key="told", categories=["HONOUR"])
    await town.data("bank-1", _GRANTED, _look(made["grant"]["id"]))
    trail = "{ me { accessHistory { edges { node { summary stage basis actor { name operator } grant { id } } } } } }"
    node = (await town.data("citizen-7", trail))["me"]["accessHistory"]["edges"][0]["node"]
    assert node == {
        "summary": "海津示例银行依据您的授权，为“融资信贷（贷前调查）”通过系统接口查看了您的信息："
        "诚实守信相关荣誉信息，共4条。",
        "stage": "PRE_LOAN",
        "basis": "GRANT",
        "actor": {"name": "海津示例银行", "operator": "信贷员甲"},
        "grant": {"id": made["grant"]["id"]},
    }


async def test_sensitive_items_go_out_masked_and_subject_only_items_not_at_all(town: Town) -> None:
    made = await town.grant("citizen-1", key="items")
    view = (await town.data("bank-1", _GRANTED, _look(made["grant"]["id"])))["granted"]
    items = [item for edge in view["records"]["edges"] for item in edge["node"]["items"]]
    numbers = [item for item in items if item["code"] == "licence.certificate_number"]
    assert numbers
    assert all(item["masked"] and "***" in item["value"] for item in numbers)
    assert not any(item["code"].endswith(".remark") for item in items)


async def test_an_ungranted_category_refuses_the_whole_operation(town: Town) -> None:
    made = await town.grant("citizen-1", key="category")
    looks = await town.count("SELECT count(*) FROM access WHERE refused IS NULL")
    answer = await town.ask(
        "bank-1", _GRANTED, {**_look(made["grant"]["id"]), "f": {"categories": ["HONOUR", "ADMINISTRATIVE"]}}
    )
    assert answer["data"] is None
    assert answer.code == "NOT_GRANTED"
    assert answer["errors"][0]["extensions"]["details"][0]["code"] == "HONOUR"
    assert await town.count("SELECT count(*) FROM access WHERE refused IS NULL") == looks


async def test_the_stage_must_be_one_of_the_grants(town: Town) -> None:
    made = await town.grant("citizen-1", key="stage")
    answer = await town.ask("bank-1", _GRANTED, _look(made["grant"]["id"], stage="POST_LOAN"))
    assert answer.code == "NOT_GRANTED"


@pytest.mark.parametrize("who", ["employer-1", "platform-1"])
async def test_another_partys_grant_is_absent(town: Town, who: str) -> None:
    made = await town.grant("citizen-1", key="absent")
    foreign = await town.ask(who, _GRANTED, _look(made["grant"]["id"]))
    nobodys = await town.ask(who, _GRANTED, _look("grt_00000000000000000000"))
    assert foreign.code == "NOT_AVAILABLE"
    assert foreign.response.content == nobodys.response.content


async def test_uses_are_spent_and_an_attempt_spends_once(town: Town) -> None:
    made = await town.grant("citizen-1", key="uses", uses=2)
    grant_id = made["grant"]["id"]
    left = []
    for attempt in ("first", "first", "second", "second"):
        view = await town.data("bank-1", _GRANTED, _look(grant_id, attempt=attempt))
        left.append(view["granted"]["grant"]["usesLeft"])
    assert left == [1, 1, 0, 0]
    spent = await town.ask("bank-1", _GRANTED, _look(grant_id, attempt="third"))
    assert spent.code == "GRANT_ENDED"
    await town.act("citizen-1", "grantRevoke", {"grantId": grant_id}, "replayed")
    async with town.house.database.writing() as unit:  # as if revoked before its last use
        await unit.run(text("UPDATE consent_grant SET status = 'REVOKED' WHERE id = :g"), {"g": grant_id})
    assert (await town.ask("bank-1", _GRANTED, _look(grant_id, attempt="second"))).code == "GRANT_ENDED"


async def test_a_refused_look_spends_no_use(town: Town) -> None:
    made = await town.grant("citizen-1", key="unspent", uses=1)
    refused = await town.ask(
        "bank-1",
        'query($q: GrantedQueryInput!) { granted(query: $q) { objections { filedAt } records(after: "forged") '
        "{ edges { node { id objections { filedAt } } } } } }",
        _look(made["grant"]["id"]),
    )
    assert refused.code == "BAD_CURSOR"
    view = await town.data("bank-1", _GRANTED, _look(made["grant"]["id"]))
    assert view["granted"]["grant"]["usesLeft"] == 0


async def test_a_record_is_never_read_without_its_mark(town: Town) -> None:
    made = await town.grant("citizen-4", key="mark")
    bare = (
        "query($q: GrantedQueryInput!) { granted(query: $q) { objections { filedAt }"
        " records { edges { node { title } } } } }"
    )
    refused = await town.ask("bank-1", bare, _look(made["grant"]["id"]))
    assert (refused.status, refused.code) == (422, "MARK_REQUIRED")
    view = await town.data("bank-1", _GRANTED, _look(made["grant"]["id"]))
    assert any(edge["node"]["objections"] for edge in view["granted"]["records"]["edges"])


async def test_what_is_repaired_is_gone_for_everybody_else(town: Town) -> None:
    made = await town.grant("citizen-5", key="repaired")
    view = await town.data("bank-1", _GRANTED, _look(made["grant"]["id"]))
    assert all("处罚" not in edge["node"]["title"] for edge in view["granted"]["records"]["edges"])
    ended = await town.ask("bank-1", _GRANTED, {**_look(made["grant"]["id"]), "f": {"includeEnded": True}})
    assert (ended.status, ended.code) == (403, "FIELD_NOT_ALLOWED")


async def test_the_same_key_gives_the_same_grant(town: Town) -> None:
    first = await town.grant("citizen-1", key="same", validUntil="2027-01-01T00:00:00Z")
    again = await town.grant("citizen-1", key="same", validUntil="2027-01-01T00:00:00Z")
    other = await town.grant("citizen-1", key="same", validUntil="2027-01-02T00:00:00Z")
    assert again == {**first, "replayed": True}
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


_REFUSED = {
    "no categories": ({"categories": [], "noticeHash": "x"}, "INVALID_INPUT", ["categories"]),
    "over in the past": ({"validUntil": "2020-01-01T00:00:00Z"}, "INVALID_INPUT", ["validUntil"]),
    "for ever": ({"validUntil": "2099-01-01T00:00:00Z"}, "INVALID_INPUT", ["validUntil"]),
    "no uses": ({"uses": 0}, "INVALID_INPUT", ["uses"]),
    "financing without a stage": ({"stages": []}, "INVALID_INPUT", ["stages"]),
    "an evaluation of a person": ({"includesEvaluation": True}, "INVALID_INPUT", ["includesEvaluation"]),
    "another notice": ({"noticeHash": "0" * 64}, "NOTICE_CHANGED", []),
    "a bank for employment": ({"purpose": "EMPLOYMENT", "stages": []}, "RECIPIENT_REFUSED", []),
    "an empty key": ({"idempotencyKey": ""}, "INVALID_INPUT", ["idempotencyKey"]),
}


@pytest.mark.parametrize("_case", _REFUSED)
async def test_what_cannot_be_granted(town: Town, _case: str) -> None:
    terms, code, path = _REFUSED[_case]
    grants = await town.count("SELECT count(*) FROM consent_grant")
    refused = await town.grant("citizen-1", **{"key": "refused", **terms})
    assert refused["code"] == code
    assert [detail["path"][1:] for detail in refused["details"]] == ([path] if path else [])
    assert await town.count("SELECT count(*) FROM consent_grant") == grants


async def test_an_organisation_needs_two_marks_and_a_shop_one(town: Town) -> None:
    company = await town.grant("company-1-seal", key="company")
    shop = await town.grant("shop-1", key="shop")
    assert company["grant"]["status"] == "PARTLY_APPROVED"
    assert shop["grant"]["status"] == "ACTIVE"


async def test_a_recipient_lists_its_grants_but_is_told_of_people_only_by_looking(town: Town) -> None:
    made = await town.grant("citizen-9", key="desk")
    asked = "{ recipient { grants { edges { node { subject { name } } } } } }"
    refused = await town.ask("bank-1", asked)
    assert (refused.status, refused.code) == (403, "FIELD_NOT_ALLOWED")
    document = "{ recipient { party { name } grants(first: 1) { edges { node { id status } } } } }"
    before = await town.data("bank-1", document)
    await town.act("citizen-9", "grantRevoke", {"grantId": made["grant"]["id"]}, "replayed")
    after = await town.data("bank-1", document)
    grant_id = made["grant"]["id"]
    assert before["recipient"]["grants"]["edges"] == [{"node": {"id": grant_id, "status": "ACTIVE"}}]
    assert after["recipient"]["grants"]["edges"] == [{"node": {"id": grant_id, "status": "REVOKED"}}]


async def test_what_is_over_is_not_revoked(town: Town) -> None:
    made = await town.grant("citizen-1", key="over")
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE consent_grant SET valid_until = '2026-01-01 00:00:00+00'"))
    ended = await town.act(
        "citizen-1", "grantRevoke", {"grantId": made["grant"]["id"]}, "grant { version status } replayed"
    )
    assert ended == {"__typename": "GrantRevokePayload", "grant": {"version": 1, "status": "EXPIRED"}, "replayed": True}


async def test_the_trail_counts_what_was_shown_and_names_no_input(town: Town) -> None:
    grant_id = (await town.grant("citizen-1", key="pages"))["grant"]["id"]
    literal = f'{{ granted(query: {{grantId: "{grant_id}", stage: PRE_LOAN, operator: "甲"}}) '
    await town.data("bank-1", literal + "{ objections { filedAt } records { pageInfo { hasNextPage } } } }")
    trail = "{ me { accessHistory(first: 1) { edges { node { recordCount fields summary } } } } }"
    node = (await town.data("citizen-1", trail))["me"]["accessHistory"]["edges"][0]["node"]
    assert node["recordCount"] == 0
    assert node["fields"] == ["GrantedView.objections", "GrantedView.records", "ObjectionMark.filedAt"]
    assert "没有信用记录条目" in node["summary"]


async def test_revoking_twice_is_revoking_once_and_anothers_is_absent(town: Town) -> None:
    made = await town.grant("citizen-1", key="twice")
    grant_id = made["grant"]["id"]
    foreign = await town.act("citizen-2", "grantRevoke", {"grantId": grant_id}, "replayed")
    first = await town.act("citizen-1", "grantRevoke", {"grantId": grant_id}, "grant { version status } replayed")
    second = await town.act("citizen-1", "grantRevoke", {"grantId": grant_id}, "grant { version status } replayed")
    assert foreign["code"] == "NOT_AVAILABLE"
    assert first == {
        "__typename": "GrantRevokePayload",
        "grant": {"version": 2, "status": "REVOKED"},
        "replayed": False,
    }
    assert second == {**first, "replayed": True}
