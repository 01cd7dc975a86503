"""合规审计 (个人信息保护法 54): who gets the log of a period, by whose word, what is in it, who sees that it was."""

import asyncio
import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from api import auditing as duty
from api.clock import now
from audit.erasing import erase
from audit.tables import access, access_unsealed, trail_joined
from oversight.auditing import exports
from oversight.auditing.tables import compliance_export
from oversight.duty import confidentiality
from tests.harness import auditing, looked
from tests.harness.callers import Town
from tests.harness.everything import stored
from tests.harness.sealing import checkpoint, seal

_YEAR = {"since": "2025-01-01", "until": "2025-12-31"}
_TRAIL = """{ me { accessHistory(includeOwn: true, first: 50) { edges { node {
  basis purpose audits { number at } } } } } }"""


def _rows(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in auditing.unpacked(data)["looks.jsonl"].splitlines()]


async def _checked(town: Town, data: bytes) -> dict[str, Any]:
    note, _ = await checkpoint(town.house)
    return auditing.checked(data, auditing.keys(town), [note])


async def test_every_position_is_there_and_nobody_who_was_looked_at(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duty, "AT_ONCE", 37)
    monkeypatch.setattr(duty, "_SCANNED", 90)
    await looked.look(town.house, 300)
    await seal(town.house)
    async with town.house.database.writing() as unit:
        gone = await unit.all(text("SELECT access_id FROM log_leaf WHERE position IN (7, 150)"))
        await erase(unit, [row.access_id for row in gone])
    data = await auditing.fetched(town, **_YEAR)
    told, rows = await _checked(town, data), _rows(data)
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1)), "the beginning of the log has no edge"
    assert len(rows) == 301, "one beyond the period shows where it ends"
    shown = Counter(row["shown"] for row in rows)
    assert told["shown"] == shown
    assert set(shown) == {"OPEN", "STATED", "WITHHELD", "ERASED"}
    assert await town.count("SELECT count(*) FROM access WHERE withholding_id IS NOT NULL") == shown["WITHHELD"]
    whole = b"".join(auditing.unpacked(data).values()).decode()
    assert "sub_" not in whole
    assert "海纪查" not in whole, "the case of a withheld look"
    by_law = [json.loads(row["data"]) for row in rows if row["shown"] == "OPEN"]
    assert {said["actor"]["officer"] for said in by_law} >= {"stf_organ", "stf_clerk0"}
    assert {row["stated"]["basis"] for row in rows if row["shown"] == "STATED"} == {"MANDATE"}
    async with town.house.database.reading() as unit:
        found = await unit.all(
            text("SELECT p.position, a.subject_id FROM log_leaf p JOIN access a ON a.id = p.access_id")
        )
    whom = {row.position: row.subject_id for row in found}
    words = {(whom[row["position"]], row["who"]) for row in rows if row["shown"] in ("OPEN", "STATED")}
    assert len({who for who, _ in words}) == len(words) == len({word for _, word in words}), "one word a person"


async def test_no_word_of_a_person_outlives_its_export_and_two_ids_of_one_are_one(town: Town) -> None:
    await looked.look(town.house, 100)
    await seal(town.house)
    async with town.house.database.writing() as unit:
        pair = await unit.all(
            text("SELECT DISTINCT subject_id FROM access WHERE basis = 'SELF' AND client = 'desk' ORDER BY 1 LIMIT 2")
        )
        joined = {"absorbed_id": pair[0].subject_id, "kept_id": pair[1].subject_id, "joined_at": now()}
        await unit.run(trail_joined.insert().values(joined))
        where = text("SELECT position FROM log_leaf WHERE subject_id IN (:a, :b)")
        places = {row.position for row in await unit.all(where, {"a": pair[0].subject_id, "b": pair[1].subject_id})}
    first, second = [_rows(await auditing.fetched(town, key=key, **_YEAR)) for key in ("1", "2")]
    words = [{row.get("who") for row in rows} - {None} for rows in (first, second)]
    assert len(words[0]) > 5
    assert not words[0] & words[1]
    assert len({row["who"] for row in first if row["position"] in places}) == 1


async def test_a_row_that_somebody_changed_is_named_and_so_is_one_that_is_gone(town: Town) -> None:
    await looked.look(town.house, 60)
    await seal(town.house)
    async with town.house.database.writing() as unit:
        granted = "SELECT l.position, a.id FROM log_leaf l JOIN access a ON a.id = l.access_id WHERE a.basis = 'GRANT'"
        (row,) = await unit.all(text(f"{granted} AND l.position > 20 ORDER BY l.position LIMIT 1"))
        await unit.run(access.update().where(access.c.id == row.id).values(purpose="EMPLOYMENT"))
    data = await auditing.fetched(town, **_YEAR)
    with pytest.raises(ValueError, match=f"^position {row.position}: altered, its leaf is another$"):
        await _checked(town, data)
    async with town.house.database.writing() as unit:
        await unit.run(access.delete().where(access.c.id == row.id))
    data = await auditing.fetched(town, key="2", **_YEAR)
    with pytest.raises(ValueError, match=f"^position {row.position}: missing, the log has its leaf and nobody erased"):
        await _checked(town, data)


async def test_only_one_purpose_or_one_door(town: Town) -> None:
    await looked.look(town.house, 80)
    data = await auditing.fetched(town, **_YEAR, purpose="COUNTER_OWN", channel="COUNTER")
    told = await _checked(town, data)
    assert set(told["looks"]) == {"COUNTER COUNTER_OWN COUNTER"}
    assert told["shown"]["OTHER"] > told["shown"]["OPEN"] > 0
    assert "grt_" not in auditing.unpacked(data)["looks.jsonl"].decode()
    assert (await auditing.listed(town))[0]["looks"] == told["shown"]["OPEN"]


async def test_days_without_a_look_are_shown_between_two_that_have_some(town: Town) -> None:
    await looked.look(town.house, 20)
    told = await _checked(town, await auditing.fetched(town, since="2024-01-01", until="2024-02-01"))
    assert (told["positions"], told["inside"]) == ([1, 1], 0)
    told = await _checked(town, await auditing.fetched(town, key="2", since="2026-02-01", until="2026-02-02"))
    assert (told["positions"], told["inside"]) == ([20, 21], 0)


@pytest.mark.parametrize(
    ("asked", "faults"),
    [
        ({"until": auditing.days(until=0)["until"]}, {("until", "DAY_NOT_OVER")}),
        ({"since": "2026-02-02", "until": "2026-02-01"}, {("since", "AFTER_END")}),
        ({"since": "2024-01-01", "until": "2026-01-01"}, {("since", "TERM_TOO_LONG")}),
        ({"purpose": "凭空"}, {("purpose", "PURPOSE_UNKNOWN")}),
        ({"since": "2026-11-01", "until": "2099-01-01", "purpose": ""}, {
            ("until", "DAY_NOT_OVER"), ("since", "TERM_TOO_LONG"), ("purpose", "PURPOSE_UNKNOWN"),
        }),
    ],
)  # fmt: skip
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_may_be_asked_for(town: Town, asked: dict[str, str], faults: set[tuple[str, str]]) -> None:
    before = await stored(town)
    found = await auditing.request(town, **asked)
    assert found["code"] == "INVALID_INPUT"
    assert {(one["path"][-1], one["code"]) for one in found["details"]} == faults
    assert await stored(town) == before


async def test_two_years_may_be_asked_for_and_one_at_a_time(town: Town) -> None:
    made = await auditing.request(town, since="2024-01-01", until="2025-12-31")
    assert (made["export"]["state"], made["export"]["looks"]) == ("REQUESTED", None)
    assert (await auditing.request(town, since="2024-01-01", until="2025-12-31"))["replayed"]
    assert (await auditing.request(town, key="other"))["code"] == "EXPORT_PENDING"
    assert (await auditing.ticket(town, made["export"]["id"]))["code"] == "EXPORT_NOT_READY"


async def test_it_leaves_by_another_persons_word_and_is_gone_after_its_term(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (await auditing.request(town))["export"]
    assert await auditing.waiting(town) == []
    await seal(town.house)
    await auditing.make_all(town)
    (line,) = await auditing.waiting(town)
    (node,) = await auditing.listed(town)
    assert (line["kind"], line["about"], line["sha256"]) == ("COMPLIANCE_EXPORT", made["id"], node["sha256"])
    assert line["recipient"].startswith(f"合规审计 {made['number']}")
    before = await stored(town)
    assert (await auditing.ticket(town, made["id"]))["code"] == "NOT_RELEASED"
    refused = await town.ask(
        "approver-1", 'mutation { complianceExportTicket(input: { exportId: "x" }) { __typename } }'
    )
    assert refused["errors"]
    assert await stored(town) == before, "no ticket was made"
    await auditing.let_leave(town)
    assert (await auditing.listed(town))[0]["release"] == "RELEASED"
    path = (await auditing.ticket(town, made["id"]))["path"]
    assert (await town.http.get(path.replace(made["id"], "aud_other"))).status_code == 404
    assert (await town.http.get(path)).status_code == 200
    assert (await town.http.get(path)).status_code == 404, "a ticket is good once"
    path = (await auditing.ticket(town, made["id"]))["path"]
    over = now() + exports.LIFE
    async with town.house.database.writing() as unit:
        assert await exports.sweep(unit, town.house.blobs, at=over - timedelta(hours=1)) == 0
        assert await exports.sweep(unit, town.house.blobs, at=over) == 1
    assert (await town.http.get(path)).status_code == 404
    assert (await auditing.ticket(town, made["id"]))["code"] == "EXPORT_EXPIRED"


async def test_what_was_refused_never_leaves(town: Town) -> None:
    made = (await auditing.request(town))["export"]
    await seal(town.house)
    await auditing.make_all(town)
    await auditing.let_leave(town, leaves=False)
    assert (await auditing.ticket(town, made["id"]))["code"] == "NOT_RELEASED"
    assert (await auditing.listed(town))[0]["release"] == "REFUSED"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_days_that_have_only_just_ended_wait(town: Town) -> None:
    await seal(town.house)
    await auditing.request(town, **auditing.days(until=1))
    async with town.house.database.reading() as unit:
        (row,) = await unit.all(select(compliance_export))
        ends = exports.span_of(row).ends
        assert await exports.due(unit, (), at=ends + timedelta(minutes=59)) is None
        assert await exports.due(unit, (), at=ends + exports.SETTLED) is not None


@pytest.mark.parametrize("step", ["kept", "made", "asked", "looked"])
async def test_killed_at_any_step_it_is_made_again_once(town: Town, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    await seal(town.house)
    made = (await auditing.request(town))["export"]
    before = await stored(town, but=())
    maker = duty.Auditing(town.house.database, town.house.blobs, town.house.rings)
    place: dict[str, tuple[Any, str]] = {
        "kept": (town.house.blobs, "keep"),
        "made": (exports, "made"),
        "asked": (confidentiality, "ask"),
        "looked": (maker._log, "append"),
    }

    async def dies(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(*place[step], dies)
        with pytest.raises(RuntimeError, match="killed"):
            await maker.run_once(now())
    assert await stored(town, but=()) == before, "nothing is half done"
    await auditing.make_all(town)
    (node,) = await auditing.listed(town)
    assert (node["id"], node["state"], len(await auditing.waiting(town))) == (made["id"], "READY", 1)
    assert await town.count("SELECT count(*) FROM access WHERE basis = 'AUDIT'") == 1
    assert await town.count("SELECT count(*) FROM blob WHERE media_type = 'application/zip'") == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_that_make_one_at_once_make_one_and_two_requests_are_one(town: Town) -> None:
    await looked.look(town.house, 40)
    await seal(town.house)
    said = await asyncio.gather(*(auditing.request(town, key=f"k{n}", **_YEAR) for n in range(6)))
    assert sorted(one.get("code", "") for one in said) == ["", *["EXPORT_PENDING"] * 5]
    house = town.house
    makers = [duty.Auditing(house.database, house.blobs, house.rings) for _ in range(3)]
    await asyncio.gather(*(maker.run_once(now()) for maker in makers))
    assert await town.count("SELECT count(*) FROM access WHERE basis = 'AUDIT'") == 1
    assert await town.count("SELECT count(*) FROM release") == 1
    assert await town.count("SELECT count(*) FROM blob WHERE media_type = 'application/zip'") == 1


async def test_the_log_says_who_took_it_and_those_who_were_looked_at_see_that_it_was(town: Town) -> None:
    await seal(town.house)
    await town.data("citizen-1", "{ me { name } }")
    async with town.house.database.writing() as unit:
        waiting = [id_ for row in await unit.all(select(access_unsealed)) for id_ in row.access_ids]
        then = access.update().where(access.c.id.in_(waiting))
        assert await unit.run(then.values(at=now() - timedelta(days=3))) == 1
    await seal(town.house)
    for _ in range(2):
        await town.data("citizen-1", "{ me { name } }")
    told = await _checked(town, await auditing.fetched(town))
    (node,) = await auditing.listed(town)
    await seal(town.house)
    lines = [edge["node"] for edge in (await town.data("citizen-1", _TRAIL))["me"]["accessHistory"]["edges"]]
    own = [[one["number"] for one in line["audits"]] for line in lines if line["basis"] == "SELF"]
    assert own[-1] == [node["number"]], "the oldest lies in the period"
    assert own[0] == [], "what came after it was not shown"
    row = await _only(town, "SELECT a.*, l.position FROM access a JOIN log_leaf l ON l.access_id = a.id "
                            "WHERE a.basis = 'AUDIT'")  # fmt: skip
    assert (row.case_number, row.grant_id, row.document) == (node["number"], node["id"], node["sha256"])
    assert (row.record_count, row.purpose) == (node["looks"], "COMPLIANCE_AUDIT")
    assert row.officer_id == (await _only(town, "SELECT id FROM staff WHERE post = 'AUDITOR'")).id
    assert row.position > told["positions"][1]
    assert node["looks"] == sum(told["shown"].get(sort, 0) for sort in ("OPEN", "STATED"))


async def _only(town: Town, statement: str) -> Any:
    async with town.house.database.reading() as unit:
        (row,) = await unit.all(text(statement))
    return row
