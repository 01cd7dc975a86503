"""人工复核: a person asks a human to look at their score again, and is answered with reasons."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core import calendar
from credit.reviewing import WORKING_DAYS
from tests.credit.test_score import close, mine, opened, penalised, recompute
from tests.harness import organs
from tests.harness.callers import Town

_REVIEW = "id version state text overdue dueOn answer answeredAt"
_OWN = f"{{ me {{ scoreReviews {{ edges {{ node {{ {_REVIEW} }} }} }} notices {{ edges {{ node {{ kind }} }} }} }} }}"
_INBOX = f"{{ handling {{ scoreReviews {{ edges {{ node {{ {_REVIEW} }} }} }} }} }}"
_FILE = """query($id: ID!) { handling { scoreReview(id: $id) { modelVersion review { id text state }
  factors { code dimension message contribution } } } }"""


async def ask(
    town: Town, persona: str = "citizen-2", *, key: str = "review", said: str = "请人工看一看"
) -> dict[str, Any]:
    """The payload or refusal."""
    input_ = {"text": said, "idempotencyKey": key}
    return await town.act(persona, "scoreReviewRequest", input_, f"review {{ {_REVIEW} }} replayed")


async def answer(town: Town, review: dict[str, Any], *, by: str = "handler-1", **changed: Any) -> dict[str, Any]:
    """The payload or refusal."""
    input_ = {
        "reviewId": review["id"],
        "expectedVersion": review["version"],
        "reasons": "记录属实，计算无误。",
        **changed,
    }
    return await town.act(by, "scoreReviewAnswer", input_, f"review {{ {_REVIEW} }} replayed")


async def _inbox(town: Town) -> list[dict[str, Any]]:
    found = await town.data("handler-1", _INBOX)
    return [edge["node"] for edge in found["handling"]["scoreReviews"]["edges"]]


async def test_asked_read_and_answered_with_reasons(town: Town, tmp_path: Path) -> None:
    made = await ask(town, said="其中的129901199001011230不是我")
    review = made["review"]
    assert (review["state"], review["overdue"], review["answer"]) == ("PENDING", False, None)
    assert "129901199001011230" not in review["text"]
    async with town.house.database.reading() as unit:
        due = await calendar.due(unit, datetime.now(UTC), WORKING_DAYS)
    assert review["dueOn"] == due.day.isoformat()
    assert await ask(town, said="其中的129901199001011230不是我") == {**made, "replayed": True}
    assert [one["id"] for one in await _inbox(town)] == [review["id"]]
    file = (await town.data("handler-1", _FILE, {"id": review["id"]}))["handling"]["scoreReview"]
    assert {"code": "HONOURS", "dimension": "守信荣誉", "message": "获得诚实守信相关荣誉", "contribution": 60} in file[
        "factors"
    ]
    line = (await organs.trail(town, "citizen-2"))[0]
    assert line["basis"] == "OBJECTION"
    assert "应您的申请，为“人工复核海河分”" in line["summary"]
    await penalised(town, tmp_path, "citizen-2")
    await recompute(town.house)
    answered = (await answer(town, review))["review"]
    assert (answered["state"], answered["answer"]) == ("ANSWERED", "记录属实，计算无误。")
    assert await town.count("SELECT count(*) FROM score_due") == 1, "it is computed anew"
    await recompute(town.house)
    assert (await mine(town, "citizen-2"))["score"]["value"] == 620
    own = (await town.data("citizen-2", _OWN))["me"]
    assert [edge["node"] for edge in own["scoreReviews"]["edges"]] == [answered]
    kinds = {edge["node"]["kind"] for edge in own["notices"]["edges"]}
    assert {"SCORE_REVIEW_ASKED", "SCORE_REVIEW_ANSWERED"} <= kinds
    assert await _inbox(town) == []
    over = (await town.data("handler-1", _FILE, {"id": review["id"]}))["handling"]["scoreReview"]
    assert (over["factors"], over["modelVersion"]) == ([], None), "who has answered looks no more"
    assert (await answer(town, {**review, "version": 2}, by="handler-2"))["code"] == "REVIEW_NOT_OPEN"
    assert "review" in await ask(town, key="once more")


async def test_one_waits_at_a_time_whoever_is_faster(town: Town) -> None:
    made = await asyncio.gather(*(ask(town, key=f"at once {n}") for n in range(4)))
    assert sorted(one.get("code", "made") for one in made) == ["REVIEW_PENDING"] * 3 + ["made"]
    assert await town.count("SELECT count(*) FROM score_review") == 1


async def test_two_handlers_answer_once(town: Town) -> None:
    review = (await ask(town))["review"]
    made = await asyncio.gather(*(answer(town, review, by=by, reasons=by) for by in ("handler-1", "handler-2")))
    assert sorted(one.get("code", "made") for one in made) == ["REVIEW_NOT_OPEN", "made"]
    assert (await answer(town, {**review, "id": "rvw_0"}))["code"] == "NOT_AVAILABLE"
    told = "SELECT count(*) FROM outbox WHERE kind = 'SCORE_REVIEW_ANSWERED'"
    assert await town.count(told) == 1


async def test_without_an_open_score_there_is_nothing_to_review_and_closing_ends_it(town: Town) -> None:
    assert (await ask(town, "citizen-6"))["code"] == "SCORE_NOT_OPEN"
    assert (await ask(town, "company-1-legal"))["code"] == "SCORE_NOT_OPEN"
    review = (await ask(town))["review"]
    await close(town, "citizen-2")
    own = (await town.data("citizen-2", _OWN))["me"]["scoreReviews"]["edges"]
    assert [edge["node"]["state"] for edge in own] == ["LAPSED"]
    assert (await answer(town, {**review, "version": 2}))["code"] == "REVIEW_NOT_OPEN"
    assert await _inbox(town) == []
    await opened(town, "citizen-2", key="again")
    assert "review" in await ask(town, key="again")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_bad_input_is_refused_by_its_path_and_changes_nothing(town: Town) -> None:
    for said, code in (("", "LENGTH"), ("  ", "LENGTH"), ("字" * 501, "LENGTH"), ("a\u202eb", "PRINTABLE")):
        refused = await ask(town, said=said, key=f"bad {code} {len(said)}")
        assert [(one["path"], one["code"]) for one in refused["details"]] == [(["input", "text"], code)]
    assert await town.count("SELECT count(*) FROM score_review") == 0
    review = (await ask(town))["review"]
    for reasons in ("", " \n ", "字" * 1001):
        refused = await answer(town, review, reasons=reasons)
        assert [(one["path"], one["code"]) for one in refused["details"]] == [(["input", "reasons"], "LENGTH")]
    assert (await answer(town, review, expectedVersion=7))["code"] == "VERSION_CHANGED"
    assert [one["state"] for one in await _inbox(town)] == ["PENDING"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("by", ["citizen-1", "bank-1", "approver-1", "agency-1", "till-1"])
async def test_nobody_but_a_handler_reads_or_answers(town: Town, by: str) -> None:
    review = (await ask(town))["review"]
    for document in (_INBOX, _FILE):
        refused = await town.ask(by, document, {"id": review["id"]} if "$id" in document else {})
        assert (refused.status, refused.code) == (403, "FORBIDDEN")
    document = "mutation($i: ScoreReviewAnswerInput!) { scoreReviewAnswer(input: $i) { __typename } }"
    input_ = {"reviewId": review["id"], "expectedVersion": 1, "reasons": "x"}
    assert (await town.ask(by, document, {"i": input_})).code == "FORBIDDEN"
    own = await town.data("citizen-1", _OWN)
    assert own["me"]["scoreReviews"]["edges"] == [], "another's is nobody's"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_one_that_is_late_says_so(town: Town) -> None:
    await ask(town)
    async with town.house.database.writing() as unit:
        await unit.run(text("UPDATE score_review SET due_at = '2026-01-01 00:00:00', due_on = '2025-12-31'"))
    assert [one["overdue"] for one in await _inbox(town)] == [True]
