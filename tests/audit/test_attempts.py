"""A refused look that named a target is in the log before the refusal leaves, and in the trail of whoever it was at."""

from datetime import UTC, datetime

import pytest

from api import personas
from audit.writer import GroupWriter
from core.errors import DependencyDown
from tests.harness.callers import Town

_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"
_TRAIL = "{ me { accessHistory { edges { node { summary recordCount actor { name } } } } } }"
_REFUSED = "SELECT count(*) FROM access WHERE refused = :c AND grant_id = :g"


def _query(grant_id: str, **more: str) -> dict[str, dict[str, str]]:
    return {"q": {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "甲", **more}}


async def test_anothers_grant_is_an_attempt_and_its_subject_is_told(town: Town) -> None:
    grant_id = (await town.grant("citizen-2", key="attempt"))["grant"]["id"]
    refused = await town.ask("employer-1", _LOOK, _query(grant_id))
    assert refused.code == "NOT_AVAILABLE"
    assert await town.count(_REFUSED, c="NOT_AVAILABLE", g=grant_id) == 1
    told = (await town.data("citizen-2", _TRAIL))["me"]["accessHistory"]["edges"]
    assert len(told) == 1
    assert told[0]["node"]["summary"].endswith("试图查看您的信息，未获准许，没有得到任何内容。")
    assert told[0]["node"]["actor"]["name"] in told[0]["node"]["summary"]
    assert told[0]["node"]["recordCount"] == 0


async def test_a_made_up_grant_is_an_attempt_at_nobody(town: Town) -> None:
    refused = await town.ask("bank-1", _LOOK, _query("grt_00000000000000000000"))
    assert refused.code == "NOT_AVAILABLE"
    nobody = "SELECT count(*) FROM access WHERE refused IS NOT NULL AND subject_id IS NULL AND grant_id = :g"
    assert await town.count(nobody, g="grt_00000000000000000000") == 1


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (_LOOK.replace("subject { name }", "records { edges { node { title } } }"), "MARK_REQUIRED"),
        (
            _LOOK.replace("subject { name }", "records { edges { node { scoreUntil objections { filedAt } } } }"),
            "FIELD_NOT_ALLOWED",
        ),
    ],
)
async def test_what_the_policy_refuses_is_an_attempt_too(town: Town, document: str, code: str) -> None:
    grant_id = (await town.grant("citizen-2", key="policy"))["grant"]["id"]
    assert (await town.ask("bank-1", document, _query(grant_id))).code == code
    assert await town.count(_REFUSED, c=code, g=grant_id) == 1


async def test_a_token_without_the_scope_is_an_attempt_and_nobodys_is_not(town: Town) -> None:
    grant_id = (await town.grant("citizen-2", key="scope"))["grant"]["id"]
    assert (await town.ask("till-1", _LOOK, _query(grant_id))).code == "FORBIDDEN"
    assert await town.count(_REFUSED, c="FORBIDDEN", g=grant_id) == 1
    assert (await town.ask(None, _LOOK, _query(grant_id))).code == "UNAUTHENTICATED"
    assert await town.count("SELECT count(*) FROM access WHERE grant_id = :g", g=grant_id) == 1


async def test_a_token_for_an_organisation_of_any_length_is_refused_and_holds_up_no_other_look(town: Town) -> None:
    """An issuer writes what it likes into `org`; the log is a table, and its batches are shared."""
    grant_id = (await town.grant("citizen-2", key="long"))["grant"]["id"]
    token = personas.mint(town.house.rings, "bank-1", "组" * 200, audience="haihe", at=datetime.now(UTC))
    refused = await town.ask(None, _LOOK, _query(grant_id), headers={"Authorization": f"Bearer {token}"})
    assert (refused.status, refused.code) == (403, "FORBIDDEN")
    assert await town.count(_REFUSED, c="FORBIDDEN", g=grant_id) == 1


async def test_an_organisation_that_the_caller_is_not_of_is_not_said_to_have_tried(town: Town) -> None:
    """Whoever signs tokens could otherwise write any organisation into a citizen's trail."""
    grant_id = (await town.grant("citizen-2", key="not theirs"))["grant"]["id"]
    employer = await town.party("海津示例人才服务公司")
    token = personas.mint(town.house.rings, "bank-1", employer, audience="haihe", at=datetime.now(UTC))
    refused = await town.ask(None, _LOOK, _query(grant_id), headers={"Authorization": f"Bearer {token}"})
    assert (refused.status, refused.code) == (403, "FORBIDDEN")
    unnamed = "SELECT count(*) FROM access WHERE grant_id = :g AND refused = 'FORBIDDEN' AND actor_party_id IS NULL"
    assert await town.count(unnamed, g=grant_id) == 1


async def test_an_attempt_that_cannot_be_logged_is_503(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise DependencyDown("log")

    monkeypatch.setattr(GroupWriter, "write", broken)
    refused = await town.ask("bank-1", _LOOK, _query("grt_00000000000000000000"))
    assert (refused.status, refused.code) == (503, "UNAVAILABLE")


async def test_absent_and_anothers_read_alike_and_are_logged_alike(town: Town) -> None:
    grant_id = (await town.grant("citizen-2", key="alike"))["grant"]["id"]
    answers = [await town.ask("employer-1", _LOOK, _query(g)) for g in (grant_id, "grt_00000000000000000000")]
    assert answers[0].response.content == answers[1].response.content
    assert await town.count("SELECT count(*) FROM access WHERE refused = 'NOT_AVAILABLE'") == 2
