"""A bank has a report issued inside a grant: one use, one look in the trail, and nothing beyond the grant."""

import asyncio

import pytest

from tests.harness import reporting
from tests.harness.callers import Town

TRAIL = """{ me { accessHistory(first: 20) { edges { node {
  basis recordCount fields stage summary actor { name operator } grant { id } } } } } }"""
LEFT = "query($i: ID!) { me { grant(id: $i) { status usesLeft } } }"
ASK = {"stage": "PRE_LOAN", "operator": "信贷员王某"}
VIOLATIONS = ["ABNORMAL_OPERATION", "ADMINISTRATIVE", "COMPLIANCE", "JUDICIAL", "SERIOUS_DISHONESTY"]


async def _grant(town: Town, key: str = "g", **terms: object) -> str:
    return str((await town.grant("citizen-1", key=key, **terms))["grant"]["id"])


async def _left(town: Town, grant_id: str) -> int:
    return int((await town.data("citizen-1", LEFT, {"i": grant_id}))["me"]["grant"]["usesLeft"])


async def _trail(town: Town) -> list[dict[str, object]]:
    found = await town.data("citizen-1", TRAIL)
    return [edge["node"] for edge in found["me"]["accessHistory"]["edges"]]


async def test_it_spends_one_use_is_one_look_and_honours_categories(town: Town) -> None:
    own = await reporting.issued(town, "citizen-1", "own")
    grant_id = await _grant(town, uses=2)
    report = await reporting.issued(town, "bank-1", "r", grantId=grant_id, **ASK)
    assert await _left(town, grant_id) == 1
    said = report["said"]
    assert {one["category"] for one in said["records"]} <= {"ADMINISTRATIVE"}
    assert 0 < len(said["records"]) <= len(own["said"]["records"])
    assert said["authority"]["categories"] == ["ADMINISTRATIVE"]
    assert "SUBJECT" not in report["data"]
    again = await reporting.issue(town, "bank-1", "r", grantId=grant_id, **ASK)
    assert again["replayed"]
    assert await _left(town, grant_id) == 1

    looks = [look for look in await _trail(town) if "Report.data" in str(look["fields"])]
    assert len(looks) == 2  # what was shown again was seen again
    assert looks[0]["actor"] == {"name": "海津示例银行", "operator": "信贷员王某"}
    assert looks[0]["recordCount"] == len(said["records"])
    assert "Report.data" in looks[0]["fields"]
    assert any(code.startswith(("penalty.", "licence.")) for code in looks[0]["fields"])

    await reporting.print_all(town)
    assert (await reporting.fetch(town, "bank-1", report["id"])).status_code == 200
    assert await _left(town, grant_id) == 1
    mine = (await town.data("citizen-1", "{ me { reports { edges { node { id } } } } }"))["me"]["reports"]["edges"]
    assert [edge["node"]["id"] for edge in mine] == [own["id"]]


async def test_a_revoked_grant_gives_no_report_no_repeat_and_no_ticket(town: Town) -> None:
    grant_id = await _grant(town)
    report = await reporting.issued(town, "bank-1", "r", grantId=grant_id, **ASK)
    await reporting.print_all(town)
    await town.act("citizen-1", "grantRevoke", {"grantId": grant_id}, "replayed")
    fresh = await reporting.issue(town, "bank-1", "s", grantId=grant_id, **ASK)
    repeat = await reporting.issue(town, "bank-1", "r", grantId=grant_id, **ASK)
    ticket = await reporting.ticket(town, "bank-1", report["id"])
    assert [fresh["code"], repeat["code"], ticket["code"]] == ["GRANT_ENDED", "NOT_AVAILABLE", "NOT_AVAILABLE"]
    assert await town.count("SELECT count(*) FROM report") == 1
    refused = await town.count("SELECT count(*) FROM access WHERE refused = 'GRANT_ENDED' AND subject_id IS NOT NULL")
    assert refused == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"stage": None}, "NOT_GRANTED"),
        ({"stage": "POST_LOAN"}, "NOT_GRANTED"),
        ({"operator": ""}, "INVALID_INPUT"),
        ({"grantId": "grt_00000000000000000000"}, "NOT_AVAILABLE"),
        ({"kind": "NO_VIOLATION_CERTIFICATE", "from": "2026-01-01", "to": "2026-06-30"}, "NOT_GRANTED"),
    ],
)
async def test_what_a_grant_does_not_cover_spends_nothing(town: Town, changed: dict[str, object], code: str) -> None:
    grant_id = await _grant(town, uses=1)
    asked = {"grantId": grant_id, **ASK, **changed}
    refused = await reporting.issue(town, "bank-1", "r", **{k: v for k, v in asked.items() if v is not None})
    assert refused["code"] == code
    assert await _left(town, grant_id) == 1
    assert await town.count("SELECT count(*) FROM report") == 0
    assert await town.count("SELECT count(*) FROM access WHERE refused IS NOT NULL") == 1


async def test_a_certificate_needs_all_its_kinds(town: Town) -> None:
    grant_id = await _grant(town, categories=VIOLATIONS, uses=1)
    asked = {"kind": "NO_VIOLATION_CERTIFICATE", "from": "2023-01-01", "to": "2026-06-30"}
    made = await reporting.issued(town, "bank-1", "r", grantId=grant_id, **ASK, **asked)
    assert made["kind"] == "NO_VIOLATION_CERTIFICATE"
    assert await _left(town, grant_id) == 0


async def test_another_banks_report_and_anothers_own_are_absent(town: Town) -> None:
    grant_id = await _grant(town)
    banks = await reporting.issued(town, "bank-1", "r", grantId=grant_id, **ASK)
    own = await reporting.issued(town, "citizen-1", "own")
    await reporting.print_all(town)
    for persona, report in (("citizen-2", own), ("employer-1", banks), ("bank-1", own), ("citizen-1", banks)):
        assert (await reporting.ticket(town, persona, report["id"]))["code"] == "NOT_AVAILABLE"
    till = await town.ask("till-1", 'mutation { reportTicket(input: { reportId: "x" }) { __typename } }')
    assert till.code == "FORBIDDEN"


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_many_at_once_on_the_last_use_one_is_issued(town: Town) -> None:
    grant_id = await _grant(town, uses=1)
    made = await asyncio.gather(*(reporting.issue(town, "bank-1", f"r{n}", grantId=grant_id, **ASK) for n in range(8)))
    assert sorted(one["__typename"] for one in made) == ["Refusal"] * 7 + ["ReportIssuePayload"]
    assert await town.count("SELECT count(*) FROM report") == 1
    assert await _left(town, grant_id) == 0
