"""海河分 follows its subject's records, through the API, on both databases: opened, computed anew, closed, gone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.house import House
from core.database import metadata
from core.identity import IdentityType, parse
from core.moments import day_of, rfc3339
from credit import entering, models, recomputing, repair
from credit.entering import NewSubject
from credit.kinds import SubjectKind
from credit.models import Model
from credit.recomputing import Recomputer
from credit.tables import score, subject
from intake import layouts
from intake.loading import Result
from tests.harness import intake_rows
from tests.harness.asking import identity
from tests.harness.callers import Town
from tests.harness.provider_files import AT, counts, load, penalty, write

_SCORE = """score { value tier band { name } modelVersion scale { demonstration }
  factors { code dimension message contribution } }"""
_MARK = "whose-factor-this-is"
_MINE = f"{{ me {{ scoreStatus {_SCORE} }} }}"


async def opened(town: Town, persona: str, *, key: str = "open") -> dict[str, Any]:
    """Open somebody's score; the payload or refusal."""
    input_ = {"noticeHash": await town.notice("SCORE_OPEN"), "idempotencyKey": key}
    return await town.act(persona, "scoreOpen", input_, f"{_SCORE} replayed")


async def close(town: Town, persona: str) -> None:
    """Close it."""
    await town.act(persona, "scoreClose", {"idempotencyKey": "close"}, "scoreStatus")


async def mine(town: Town, persona: str) -> Any:
    """Status and score as their owner reads them."""
    return (await town.data(persona, _MINE))["me"]


async def recompute(house: House, at: datetime | None = None) -> int:
    """What the duty does until nothing is due; how often it ran."""
    duty, runs = Recomputer(house.database), 1
    while await duty.run_once(at or datetime.now(UTC)) == 0.0:
        runs += 1
    return runs


async def penalised(town: Town, folder: Path, persona: str, number: str = "分1号") -> None:
    """A penalty about somebody arrives by file."""
    who = await identity(town, persona)
    named = {layouts.NAME: who["name"], layouts.IDENTITY_NUMBER: who["number"]}
    path = write(folder / "penalty.csv", layouts.PENALTY, [penalty(number, **named)])
    assert counts(await load(town.house, path)) == (1, 0, 0, 0)


async def _sent(town: Town, folder: Path, persona: str, **changed: str) -> Result:
    who = await identity(town, persona)
    row = {
        "主体名称": who["name"],
        layouts.IDENTITY_TYPE: "身份证",
        layouts.IDENTITY_NUMBER: who["number"],
        "海河分": "911",
        "模型版本": models.in_force(AT.date()).version,
        "计算时间": rfc3339(datetime.now(UTC)),
        **changed,
    }
    return await load(town.house, write(folder / "score.csv", layouts.SCORE, [row]), "HUB")


async def _subject(town: Town, persona: str) -> str:
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT subject_id FROM identity_link WHERE name = :n"), {"n": persona})
    assert row is not None
    return str(row.subject_id)


async def _everything(house: House) -> str:
    """Every value of every table."""
    async with house.database.reading() as unit:
        return repr([await unit.all(table.select()) for table in metadata.sorted_tables])


async def test_a_score_follows_its_records_and_leaves_nothing_behind(town: Town, tmp_path: Path) -> None:
    assert (await mine(town, "citizen-8"))["scoreStatus"] == "NOT_OPENED"
    first = (await opened(town, "citizen-8"))["score"]
    assert (first["value"], first["tier"], first["scale"]) == (780, 4, {"demonstration": True})
    assert {"code": "HONOURS", "dimension": "守信荣誉", "message": "获得诚实守信相关荣誉", "contribution": 60} in first[
        "factors"
    ]
    await penalised(town, tmp_path, "citizen-8")
    assert (await mine(town, "citizen-8"))["score"]["value"] == 780
    await recompute(town.house)
    after = await mine(town, "citizen-8")
    assert (after["scoreStatus"], after["score"]["value"], after["score"]["band"]) == ("OPEN", 640, {"name": "良好"})
    assert "ADVERSE" in {factor["code"] for factor in after["score"]["factors"]}
    assert await town.count("SELECT count(*) FROM score_due") == 0
    # A factor that nobody else has, to be looked for once it is closed.
    marked = [{"code": _MARK, "contribution": 1}]
    async with town.house.database.writing() as unit:
        mark = score.update().where(score.c.value == 640, score.c.subject_id == await _subject(town, "citizen-8"))
        assert await unit.run(mark.values(factors=marked)) == 1
    assert _MARK in await _everything(town.house)
    await penalised(town, tmp_path, "citizen-8", "分2号")
    await close(town, "citizen-8")
    assert (await mine(town, "citizen-8")) == {"scoreStatus": "CLOSED", "score": None}
    assert await town.count("SELECT count(*) FROM score_due") == 0
    assert _MARK not in await _everything(town.house)
    await recompute(town.house)
    assert (await mine(town, "citizen-8"))["score"] is None
    again = (await opened(town, "citizen-8", key="again"))["score"]
    assert again["value"] == 560, "two penalties, and not what it was"


async def test_what_is_repaired_counts_no_more(town: Town, tmp_path: Path) -> None:
    await penalised(town, tmp_path, "citizen-2")
    await recompute(town.house)
    before = (await mine(town, "citizen-2"))["score"]["value"]
    async with town.house.database.writing() as unit:
        row = await unit.first(text("SELECT id FROM record WHERE document_number = '分1号'"))
        assert row is not None
        await repair.report_repaired(unit, row.id, at=datetime.now(UTC))
    await recompute(town.house)
    assert ((await mine(town, "citizen-2"))["score"]["value"], before) == (760, 620)


async def test_who_has_not_opened_theirs_is_dropped_and_counted(town: Town, tmp_path: Path) -> None:
    scores = await town.count("SELECT count(*) FROM score")
    dropped = await _sent(town, tmp_path, "citizen-6")
    assert (counts(dropped), dropped.dropped) == ((0, 0, 0, 0), 1)
    assert await town.count("SELECT count(*) FROM score") == scores
    assert "911" not in {str(value) for value in await _values(town)}
    assert await town.count("SELECT sum(dropped) FROM intake_batch") == 1
    await close(town, "citizen-2")
    closed = await _sent(town, tmp_path, "citizen-2", 开通时间=rfc3339(AT), 告知书哈希="0" * 64)
    assert (counts(closed), closed.dropped) == ((0, 0, 0, 0), 1), "a closed one stays closed"
    assert (await mine(town, "citizen-2")) == {"scoreStatus": "CLOSED", "score": None}


async def test_an_open_one_takes_a_later_value_and_no_earlier_one(town: Town, tmp_path: Path) -> None:
    early = await _sent(town, tmp_path, "citizen-1", 计算时间="2026-01-01T00:00:00Z")
    late = await _sent(town, tmp_path, "citizen-1")
    assert (counts(early), counts(late)) == ((0, 0, 1, 0), (0, 1, 0, 0))
    found = (await mine(town, "citizen-1"))["score"]
    assert (found["value"], found["band"], found["factors"]) == (911, {"name": "卓越"}, [])
    moved = await _sent(town, tmp_path, "citizen-6", 开通时间=rfc3339(AT), 告知书哈希="0" * 64)
    assert counts(moved) == (1, 0, 0, 0)
    assert (await mine(town, "citizen-6"))["score"]["value"] == 911


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "changed",
    [
        {"海河分": "299"},
        {"海河分": "1001"},
        {"模型版本": "another"},
        {"开通时间": "2026-01-01T00:00:00Z"},
        {"告知书哈希": "0" * 64},
    ],
    ids=["below the scale", "above it", "another model", "no notice", "no day of consent"],
)
async def test_a_bad_row_is_rejected(town: Town, tmp_path: Path, changed: dict[str, str]) -> None:
    found = await _sent(town, tmp_path, "citizen-1", **changed)
    assert (counts(found), found.dropped) == ((0, 0, 0, 1), 0)


async def _values(town: Town) -> Sequence[Any]:
    async with town.house.database.reading() as unit:
        return [row.value for row in await unit.all(text("SELECT value FROM score"))]


def _next_model() -> tuple[Model, Model]:
    """The model of today and one from today on, in which nothing counts but a base."""
    now = models.in_force(AT.date())
    base = replace(now.reasons[0], points=777, most=777)
    return now, replace(now, version="demonstration-2", begins=AT.date() - timedelta(days=1), reasons=(base,))


async def test_a_model_that_comes_into_force_is_carried_through_in_bounded_runs(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ = await town.count("SELECT count(*) FROM score WHERE status = 'OPEN'")
    monkeypatch.setattr(recomputing, "AT_ONCE", 5)
    await recompute(town.house)
    monkeypatch.setattr(models, "MODELS", _next_model())
    duty = Recomputer(town.house.database)
    await duty.run_once(datetime.now(UTC))  # one run, and then cut off
    assert await town.count("SELECT count(*) FROM score WHERE value = 777") == min(5, open_)
    found = (await mine(town, "citizen-9"))["score"]
    assert found["modelVersion"] in {"demonstration-1", "demonstration-2"}
    assert await recompute(town.house) <= open_ // 5 + 2
    assert await town.count("SELECT count(*) FROM score WHERE value = 777") == open_
    found = (await mine(town, "citizen-9"))["score"]
    assert (found["modelVersion"], found["value"]) == ("demonstration-2", 777)


async def test_a_score_date_that_ends_changes_the_score_on_its_day(town: Town, tmp_path: Path) -> None:
    await penalised(town, tmp_path, "citizen-2")  # until 2027-01-05
    await recompute(town.house)
    for day, value in ((date(2027, 1, 5), 620), (date(2027, 1, 6), 760)):
        await recompute(town.house, datetime(day.year, day.month, day.day, 4, tzinfo=UTC))
        assert (await mine(town, "citizen-2"))["score"]["value"] == value, day


async def test_a_claim_made_under_a_tier_stays_when_the_tier_falls(town: Town, tmp_path: Path) -> None:
    made = await town.claim("citizen-2", await town.open_offer(), key="kept")
    await penalised(town, tmp_path, "citizen-2")
    await recompute(town.house)
    found = await town.data("citizen-2", "{ me { score { tier } claims { edges { node { id status } } } } }")
    assert found["me"]["score"]["tier"] == 2
    assert found["me"]["claims"]["edges"][0]["node"] == {"id": made["claim"]["id"], "status": "CLAIMED"}


@pytest.mark.parametrize("persona", ["company-1-legal", "shop-1"])
async def test_organisations_have_none(town: Town, persona: str) -> None:
    assert (await opened(town, persona))["code"] == "SCORE_NOT_APPLICABLE"
    assert (await mine(town, persona))["scoreStatus"] == "NOT_APPLICABLE"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nobody_has_one_before_they_are_of_age(town: Town) -> None:
    today = day_of(datetime.now(UTC))
    for adult_from, code, status in (
        (today + timedelta(days=30), "SCORE_NOT_APPLICABLE", "NOT_APPLICABLE"),
        (today, None, "OPEN"),
    ):
        async with town.house.database.writing() as unit:
            born = subject.update().where(subject.c.id == await _subject(town, "citizen-8"))
            assert await unit.run(born.values(adult_from=adult_from)) == 1
        assert (await opened(town, "citizen-8", key=status)).get("code") == code
        assert (await mine(town, "citizen-8"))["scoreStatus"] == status


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_minors_is_not_taken_though_they_support_themselves(town: Town, tmp_path: Path) -> None:
    """Known, and so taken as an adult in everything else (民法典 18)."""
    for years, taken, found in ((17, (0, 0, 0, 1), {"SCORE_NOT_OF_AGE"}), (18, (1, 0, 0, 0), set())):
        born = day_of(AT).replace(year=day_of(AT).year - years, day=1)
        number = parse(IdentityType.RESIDENT_ID, intake_rows.person(born), today=day_of(AT))
        async with town.house.database.writing() as unit:
            added = [NewSubject(SubjectKind.NATURAL_PERSON, number, "马小明")]
            assert (await entering.add_subjects(unit, added, at=AT)).added == 1
        theirs = {"主体名称": "马小明", layouts.IDENTITY_NUMBER: number.number}
        consent = {"开通时间": rfc3339(AT), "告知书哈希": "0" * 64}
        result = await _sent(town, tmp_path, "citizen-6", **theirs, **consent)
        assert (counts(result), set(result.findings)) == (taken, found), years


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_score_that_is_opened_during_a_change_is_of_what_it_changes(town: Town) -> None:
    """Opened while a repair is not committed yet: it waits, or the repair finds it open. Either way nothing is lost."""
    who = "citizen-9"
    await close(town, who)
    async with town.house.database.reading() as unit:
        row = await unit.first(
            text("SELECT r.id FROM record r JOIN identity_link l ON l.subject_id = r.subject_id "
                 "WHERE l.name = :n AND r.nature = 'ADVERSE'"), {"n": who},
        )  # fmt: skip
    assert row is not None
    changed, go = asyncio.Event(), asyncio.Event()

    async def change() -> None:
        async with town.house.database.writing() as unit:
            await repair.report_repaired(unit, row.id, at=datetime.now(UTC))
            changed.set()
            await go.wait()

    changing = asyncio.create_task(change())
    await changed.wait()
    opening = asyncio.create_task(opened(town, who, key="during"))
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(10):
        while not opening.done() and not await town.count(waits):
            await asyncio.sleep(0.01)
    go.set()
    await asyncio.gather(changing, opening)
    await recompute(town.house)
    assert (await mine(town, who))["score"]["value"] == 680


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_run_during_a_second_change_does_not_forget_it(town: Town, tmp_path: Path) -> None:
    """The first change waits for the duty, the second is not committed when the duty runs: it is computed later."""
    await recompute(town.house)
    await penalised(town, tmp_path, "citizen-2")
    async with town.house.database.reading() as unit:
        row = await unit.first(text("SELECT id FROM record WHERE document_number = '分1号'"))
    assert row is not None
    async with town.house.database.writing() as unit:
        await repair.report_repaired(unit, row.id, at=datetime.now(UTC))
        await Recomputer(town.house.database).run_once(datetime.now(UTC))
    await recompute(town.house)
    assert (await mine(town, "citizen-2"))["score"]["value"] == 760
