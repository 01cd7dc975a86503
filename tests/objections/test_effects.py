"""What an answer does to a use, a score and an evaluation; an agency's own rules; letting go, and hearing again."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from objections.kinds import ObjectionAddressee, ObjectionRequest, ObjectionTarget
from tests.harness import contesting, objecting, organs
from tests.harness.callers import Town
from tests.harness.objecting import decided, filed, opened

_GRANTS = "{ me { grants { edges { node { status recipient { name } } } } } }"
_GRADE = "{ me { evaluation { grade objections { filedAt } } } }"
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def test_a_use_is_stopped_by_ending_the_grant_behind_it(town: Town) -> None:
    query = "SELECT a.id FROM access a JOIN identity_link l ON l.subject_id = a.subject_id WHERE l.name = 'citizen-1'"
    async with town.house.database.reading() as unit:
        look = await unit.first(text(query + " AND a.basis = 'GRANT'"))
    assert look is not None
    stop = {"target": ObjectionTarget.ACCESS, "target_id": look.id, "request": ObjectionRequest.STOP_USE}
    case_id = await filed(town, "citizen-1", **stop)
    await opened(town, case_id)
    assert (await objecting.forwarded(town, case_id))["code"] == "WRONG_STEP", "a look has no provider"
    assert (await decided(town, case_id, "USE_STOPPED"))["case"]["status"] == "CLOSED"
    grants = [e["node"] for e in (await town.data("citizen-1", _GRANTS))["me"]["grants"]["edges"]]
    assert [one["status"] for one in grants] == ["REVOKED"]


@pytest.mark.parametrize("questioned", [False, True])
async def test_an_organ_is_called_upon_to_stop_and_its_mandate_stands(town: Town, questioned: bool) -> None:
    look_id = (await organs.look(town, "citizen-1"))["data"]["agency"]["lookId"]
    if questioned:
        await town.act("citizen-1", "accessQuestion", {"accessId": look_id, "idempotencyKey": "q"}, "replayed")
    told = "SELECT count(*) FROM outbox WHERE kind = 'LOOK_QUESTIONED' AND about = :i AND party_id = :p"
    async with town.house.database.reading() as unit:
        looked = await unit.first(text("SELECT actor_party_id FROM access WHERE id = :i"), {"i": look_id})
    assert looked is not None
    before = await town.count(told, i=look_id, p=looked.actor_party_id)
    stop = {"target": ObjectionTarget.ACCESS, "target_id": look_id, "request": ObjectionRequest.STOP_USE}
    case_id = await filed(town, "citizen-1", **stop)
    await opened(town, case_id)
    preview = """query($i: ID!) { handling {
      letterPreview(objectionId: $i, outcome: USE_STOPPED, reason: "该案件与其无关") } }"""
    words = (await town.data("handler-1", preview, {"i": case_id}))["handling"]["letterPreview"]
    assert "通知查询机关停止使用" in words
    assert "有关使用已经停止" not in words, "nobody says that it has happened"
    assert (await decided(town, case_id, "USE_STOPPED"))["case"]["status"] == "CLOSED"
    assert await town.count(told, i=look_id, p=looked.actor_party_id) == before + 1
    assert await town.count("SELECT count(*) FROM access_question WHERE access_id = :i", i=look_id) == 1
    assert (await organs.look(town, "citizen-1"))["data"]["agency"]["lookId"], "the law lets it look"


async def test_a_look_that_rests_on_neither_is_not_stopped(town: Town) -> None:
    """One's own, and the institution's at the counter: there is nothing that could end."""
    await town.data("citizen-2", "{ me { records(first: 1) { edges { node { title } } } } }")
    query = "SELECT a.id FROM access a JOIN identity_link l ON l.subject_id = a.subject_id WHERE l.name = 'citizen-2'"
    async with town.house.database.reading() as unit:
        look = await unit.first(text(query + " AND a.basis = 'SELF'"))
    assert look is not None
    stop = {"target": ObjectionTarget.ACCESS, "target_id": look.id, "request": ObjectionRequest.STOP_USE}
    case_id = await filed(town, "citizen-2", **stop)
    await opened(town, case_id)
    refused = await decided(town, case_id, "USE_STOPPED")
    assert [one["code"] for one in refused["details"]] == ["NO_GRANT_BEHIND"]


async def test_a_score_is_computed_anew_and_nobody_sets_one(town: Town) -> None:
    case_id = await filed(town, "citizen-2", target=ObjectionTarget.SCORE)
    await opened(town, case_id)
    assert (await decided(town, case_id, "CORRECTED"))["case"]["status"] == "CLOSED"
    row = await objecting.row(town, case_id)
    due = "SELECT count(*) FROM score_due WHERE subject_id = :s"
    assert await town.count(due, s=row.subject_id) == 1
    assert await town.count("SELECT count(*) FROM score WHERE marks <> '[]'") == 0


async def test_an_evaluation_is_taken_out_and_comes_back_from_its_source_alone(town: Town) -> None:
    """The company's: contested by its legal representative."""
    made = await contesting.file(town, "company-1-legal", target="EVALUATION", targetId=None)
    case_id = made["objection"]["id"]
    await opened(town, case_id)
    refused = await decided(town, case_id, "CORRECTED")
    assert [one["code"] for one in refused["details"]] == ["COMES_BY_FILE"]
    row = await objecting.row(town, case_id)
    assert (row.status, row.outcome) == ("FILED", None), "what cannot take effect is not decided"
    assert (await decided(town, case_id, "DELETED"))["case"]["status"] == "CLOSED"
    assert (await town.data("company-1-legal", _GRADE))["me"]["evaluation"] is None
    assert await town.count("SELECT count(*) FROM evaluation_version WHERE content LIKE '%withdrawn_at%'") >= 1


async def test_an_agency_sees_and_answers_what_is_addressed_to_it(town: Town) -> None:
    async with town.house.database.reading() as unit:
        agency = await unit.first(
            text("SELECT id FROM party WHERE kind = 'CREDIT_SERVICE_AGENCY' AND state = 'ACTIVE'")
        )
    assert agency is not None
    to = {"addressee": ObjectionAddressee.CREDIT_SERVICE_AGENCY, "addressee_id": agency.id}
    case_id, other = await filed(town, **to), await filed(town, "citizen-5")
    listed = await objecting.inbox(town, "creditservice-1")
    assert [(one["id"], one["workdaysLeft"]) for one in listed] == [(case_id, 3)]
    assert case_id not in [one["id"] for one in await objecting.inbox(town)]
    assert (await opened(town, other, by="creditservice-1"))["code"] == "NOT_AVAILABLE"
    reviews = "{ handling { scoreReviews { edges { node { id } } } } }"
    assert (await town.ask("creditservice-1", reviews)).code == "FORBIDDEN"
    await opened(town, case_id, by="creditservice-1")
    read = (await objecting.file(town, case_id, "creditservice-1"))["data"]["handling"]["case"]
    assert (read["record"] is not None, read["versions"]) == (True, []), "the institution's versions are its own"
    before = await contesting.marks_of(town, (await objecting.row(town, case_id)).target_id)
    assert len(before) == 1
    over = await decided(town, case_id, "DELETED", by="creditservice-1")
    assert over["case"]["status"] == "CLOSED"
    record = await town.count("SELECT count(*) FROM record WHERE id = :r AND status = 'CURRENT'",
                              r=(await objecting.row(town, case_id)).target_id)  # fmt: skip
    assert record == 1, "our record is not its to change"


async def test_what_cannot_be_forwarded_in_time_stays_and_what_is_let_go_is_logged(town: Town) -> None:
    case_id = await filed(town, ago=timedelta(days=12))
    await opened(town, case_id)
    assert (await objecting.forwarded(town, case_id))["code"] == "FORWARDED_TOO_LATE"
    assert (await objecting.row(town, case_id)).status == "FILED"
    await objecting.act(town, "approver-1", "Reassign", case_id, reason="长期外出")
    assert "case" in await opened(town, case_id, by="handler-2")
    async with town.house.database.reading() as unit:
        step = await unit.first(text("SELECT detail FROM objection_step WHERE act = 'REASSIGN'"))
    assert step is not None
    assert "taken_from" in str(step.detail)


async def test_whoever_decided_before_does_not_hear_the_same_thing_again(town: Town) -> None:
    first = await filed(town)
    await opened(town, first)
    await decided(town, first, "NOT_CORRECTED")
    await objecting.act(town, "approver-1", "Approve", first)
    again = await filed(town, text="有新的证据")
    assert again != first
    assert (await opened(town, again))["code"] == "CONFLICT_OF_INTEREST"
    assert "case" in await opened(town, again, by="handler-2")
    await decided(town, again, "NOT_CORRECTED", by="handler-2")
    assert (await objecting.act(town, "approver-1", "Approve", again))["code"] == "CONFLICT_OF_INTEREST"
    assert (await objecting.act(town, "approver-2", "Approve", again))["case"]["status"] == "CLOSED"
