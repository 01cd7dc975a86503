"""Incidents (Art. 14, 个人信息保护法 57): recorded, frozen, told to everybody once, closed with a report by two."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from audit import withholding
from audit.lens import Audience, BasisKind, Lens
from audit.log import Log, Shapes
from audit.looks import Look, Shape
from audit.withholding import WithholdingCode
from core.moments import rfc3339
from core.principal import Channel
from oversight.duty import telling
from oversight.duty.telling import Teller
from tests.harness.callers import Town
from tests.harness.everything import stored

_SHOWN = """incident { id number kind state told withheld touched version report reportSha256 advice
  frozen { target id } } replayed"""
_NOTICES = "{ me { notices(first: 5) { edges { node { kind message } } } } }"
_PEOPLE = tuple(f"citizen-{n}" for n in range(1, 8))


async def _one(town: Town, query: str, **values: str) -> Any:
    async with town.house.database.reading() as unit:
        row = await unit.first(text(query), values)
    assert row is not None
    return row[0]


async def _clerk(town: Town) -> str:
    return str(await _one(town, "SELECT staff_id FROM identity_link WHERE name = 'clerk-1'"))


async def _looked(town: Town, people: tuple[str, ...] = _PEOPLE) -> None:
    """The clerk looked at these people, twice each, and in vain at one more."""
    staff_id = await _clerk(town)
    ids = [await _one(town, "SELECT subject_id FROM identity_link WHERE name = :n", n=name) for name in people]
    other = await _one(town, "SELECT subject_id FROM identity_link WHERE name = 'citizen-9'")

    def look(subject_id: str, refused: str | None = None) -> Look:
        lens = Lens(Audience.ORGAN, BasisKind.COUNTER, subject_id)
        shape, channel = Shape.of({"CreditRecord.title"}), Channel.COUNTER
        return Look(lens, "COUNTER", shape, "COUNTER_OWN", channel, officer_id=staff_id, refused=refused)

    async with town.house.database.writing() as unit:
        looks = [*(look(one) for one in ids * 2), look(other, "NOT_AVAILABLE")]
        await Log(Shapes()).append(unit, looks, at=datetime.now(UTC) - timedelta(hours=2))


async def _recorded(town: Town, **changed: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    said = {
        "kind": "MISUSE",
        "what": "一名窗口人员违规查询",
        "since": rfc3339(now - timedelta(hours=3)),
        "until": rfc3339(now - timedelta(hours=1)),
        "staffId": await _clerk(town),
        "idempotencyKey": "i",
    }
    return await town.act("officer-1", "incidentRecord", {**said, **changed}, _SHOWN)


async def _move(town: Town, act: str, one: dict[str, Any], *, by: str = "officer-1", **said: Any) -> dict[str, Any]:
    input_ = {"incidentId": one["id"], "expectedVersion": one["version"], **said}
    return await town.act(by, act, input_, _SHOWN)


async def _read(town: Town, one: dict[str, Any]) -> dict[str, Any]:
    fields = _SHOWN.removesuffix("replayed").removeprefix("incident")
    found = await town.data(
        "officer-1", f"query($i: ID!) {{ security {{ incident(id: $i) {fields} }} }}", {"i": one["id"]}
    )
    return dict(found["security"]["incident"])


async def _told(town: Town, *, later: timedelta = timedelta()) -> None:
    """The duty, as often as it finds something to do."""
    while await Teller(town.house.database).run_once(datetime.now(UTC) + later) == 0.0:
        pass


async def _subject(town: Town, persona: str) -> str:
    return str(await _one(town, "SELECT subject_id FROM identity_link WHERE name = :n", n=persona))


async def _ordered(town: Town, *looked_at: str, lasts: timedelta) -> str:
    """An order in force, under which the clerk looked at these people."""
    now, staff_id = datetime.now(UTC), await _clerk(town)
    async with town.house.database.writing() as unit:
        said = {"party_id": "pty_organ", "case_number": "海监〔2026〕1号", "by": "stf_one"}
        code, until = WithholdingCode.HINDERS_LAWFUL_DUTY, now + lasts
        order = await withholding.order(unit, code, **said, until=until, at=now - timedelta(hours=3))
        at = {"party_id": "pty_organ", "expected": 1, "by": "stf_two", "at": now - timedelta(hours=3)}
        await withholding.agree(unit, order, **at)
        for persona in looked_at:
            lens = Lens(Audience.ORGAN, BasisKind.STATUTE, await _subject(town, persona))
            shape = Shape.of({"CreditRecord.title"})
            look = Look(lens, "STATUTE", shape, "LICENSING", Channel.API, officer_id=staff_id, withholding_id=order)
            await Log(Shapes()).append(unit, [look], at=now - timedelta(hours=2))
    return order


async def _end(town: Town, order: str) -> None:
    async with town.house.database.writing() as unit:
        assert await withholding.end(unit, order, party_id="pty_organ", at=datetime.now(UTC))


async def _heard(town: Town, persona: str) -> list[str]:
    edges = (await town.data(persona, _NOTICES))["me"]["notices"]["edges"]
    return [edge["node"]["message"] for edge in edges if edge["node"]["kind"] == "INCIDENT_TOLD"]


async def test_an_incident_from_its_record_to_its_report(town: Town) -> None:
    await _looked(town)
    one = (await _recorded(town))["incident"]
    assert (one["state"], one["touched"], one["told"]) == ("OPEN", len(_PEOPLE), 0)
    stop = {"incidentId": one["id"], "target": "STAFF", "id": await _clerk(town), "reason": "违规查询"}
    stopped = await town.act("officer-1", "incidentFreeze", stop, _SHOWN)
    assert stopped["incident"]["frozen"] == [{"target": "STAFF", "id": await _clerk(town)}]
    assert (await town.act("officer-1", "incidentFreeze", stop, _SHOWN))["replayed"]
    assert (await town.ask("clerk-1", "{ counter { __typename } }")).status == 403

    assert (await _move(town, "incidentPropose", one, conclusion="x"))["code"] == "WRONG_STATE"
    stale = {**one, "version": 7}
    assert (await _move(town, "incidentTell", stale, advice="在查询记录中查看"))["code"] == "VERSION_CHANGED"
    one = (await _move(town, "incidentTell", one, advice="在查询记录中查看，并可提出异议"))["incident"]
    assert one["state"] == "TELLING"
    await _told(town)
    one = await _read(town, one)
    assert (one["state"], one["told"]) == ("TOLD", len(_PEOPLE))
    for persona in _PEOPLE:
        (message,) = await _heard(town, persona)
        assert "一名窗口人员违规查询" in message
        assert "在查询记录中查看，并可提出异议" in message
        assert one["number"] in message
    assert await _heard(town, "citizen-9") == []

    one = (await _move(town, "incidentPropose", one, conclusion="已停职并重新培训"))["incident"]
    report = json.loads(one["report"])
    assert report["looks"] == 2 * len(_PEOPLE)
    assert (report["attempts"], report["touched"], report["told"]) == (1, len(_PEOPLE), len(_PEOPLE))
    assert [stopped["target"] for stopped in report["frozen"]] == ["STAFF"]
    assert json.dumps(report, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == one["report"]
    assert hashlib.sha256(one["report"].encode()).hexdigest() == one["reportSha256"]
    assert "sub_" not in one["report"]
    assert (await _move(town, "incidentClose", one, stands=True))["code"] == "SECOND_PERSON"
    back = (await _move(town, "incidentClose", one, by="approver-1", stands=False))["incident"]
    assert (back["state"], back["report"]) == ("TOLD", None)
    one = (await _move(town, "incidentPropose", back, conclusion="已停职"))["incident"]
    closed = (await _move(town, "incidentClose", one, by="approver-1", stands=True))["incident"]
    assert (closed["state"], closed["report"]) == ("CLOSED", one["report"])
    assert (await town.act("officer-1", "incidentFreeze", stop, _SHOWN))["code"] == "WRONG_STATE"


async def test_a_teller_that_is_killed_goes_on_and_tells_everybody_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _looked(town)
    one = (await _recorded(town))["incident"]
    await _move(town, "incidentTell", one, advice="联系我们")
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    tell, tries = telling.outbox.tell_subjects, 0

    async def dies(*args: Any, **kwargs: Any) -> Sequence[str]:
        nonlocal tries
        tries += 1
        made = await tell(*args, **kwargs)
        if tries % 2:
            raise RuntimeError("killed")
        return made

    monkeypatch.setattr(telling.outbox, "tell_subjects", dies)
    teller = Teller(town.house.database)
    for _ in range(50):
        try:
            if not await teller.tell(at=datetime.now(UTC)):
                break
        except RuntimeError:
            continue
    assert tries > len(_PEOPLE) / 2 + 1
    for persona in _PEOPLE:
        assert len(await _heard(town, persona)) == 1, persona


async def test_two_that_turn_out_to_be_one_are_told_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first batch or between two: under whichever ids they were looked at, they hear of it once."""
    await _looked(town)
    ids = sorted([await _one(town, "SELECT subject_id FROM identity_link WHERE name = :n", n=name) for name in _PEOPLE])
    joined = "INSERT INTO trail_joined (absorbed_id, kept_id, joined_at) SELECT :a, :k, recorded_at FROM incident"
    one = (await _recorded(town))["incident"]
    await _move(town, "incidentTell", one, advice="联系我们")
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    teller = Teller(town.house.database)
    await teller.tell(at=datetime.now(UTC))
    async with town.house.database.writing() as unit:
        # One that was told is the one that was not; and two that were not are one.
        await unit.run(text(joined), {"a": ids[6], "k": ids[0]})
        await unit.run(text(joined), {"a": ids[2], "k": ids[5]})
    await _told(town)
    told = "SELECT count(*) FROM outbox WHERE kind = 'INCIDENT_TOLD' AND subject_id = :s"
    counts = [await _one(town, told, s=subject_id) for subject_id in ids]
    assert counts == [1, 1, 0, 1, 1, 1, 0]


async def test_whom_an_order_keeps_from_knowing_is_told_once_it_ends(town: Town) -> None:
    """Before that nothing is written that is for them; after it they are told once, whatever became of the report."""
    await _looked(town, ("citizen-1", "citizen-2"))
    first = await _ordered(town, "citizen-2", "citizen-3", "citizen-4", lasts=timedelta(days=9))
    await _ordered(town, "citizen-4", "citizen-5", lasts=timedelta(days=5))
    one = (await _recorded(town))["incident"]
    assert one["touched"] == 5
    before = await stored(town)
    await _move(town, "incidentTell", one, advice="联系我们")
    await _told(town)
    one = await _read(town, one)
    assert (one["state"], one["told"], one["withheld"]) == ("TOLD", 2, 3)
    personas = ("citizen-1", "citizen-2", "citizen-3", "citizen-4", "citizen-5")
    heard = [len(await _heard(town, persona)) for persona in personas]
    assert heard == [1, 1, 0, 0, 0]
    waiting = await stored(town)
    subjects = [await _subject(town, persona) for persona in personas[2:]]
    for table in ("outbox", "change"):
        fresh = str([row for row in waiting[table] if row not in before[table]])
        assert fresh != "[]"
        assert not any(subject in fresh for subject in subjects), table

    one = (await _move(town, "incidentPropose", one, conclusion="已停职"))["incident"]
    report = json.loads(one["report"])
    assert (report["touched"], report["told"], report["withheld"]) == (5, 2, 3)
    await _end(town, first)
    await _told(town)
    one = await _read(town, one)
    assert (one["state"], one["told"], one["withheld"]) == ("PROPOSED", 4, 1), "one look that may be known of is enough"
    assert json.loads(one["report"]) == report, "what waits for its second person is not changed"
    assert [len(await _heard(town, persona)) for persona in personas] == [1, 1, 1, 1, 0]
    await _move(town, "incidentClose", one, by="approver-1", stands=True)
    await _told(town, later=timedelta(days=6))  # the second one ends by itself
    one = await _read(town, one)
    assert (one["state"], one["told"], one["withheld"]) == ("CLOSED", 5, 0)
    assert [len(await _heard(town, persona)) for persona in personas] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_an_order_that_ends_while_others_are_told_leaves_nobody_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later round is killed and goes on, too."""
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    order = await _ordered(town, *_PEOPLE, lasts=timedelta(days=9))
    await _looked(town, _PEOPLE[:3])
    one = (await _recorded(town))["incident"]
    await _move(town, "incidentTell", one, advice="联系我们")
    teller = Teller(town.house.database)
    assert await teller.tell(at=datetime.now(UTC))
    await _end(town, order)
    tell, tries = telling.outbox.tell_subjects, 0

    async def dies(*args: Any, **kwargs: Any) -> Sequence[str]:
        nonlocal tries
        tries += 1
        made = await tell(*args, **kwargs)
        if tries % 2:
            raise RuntimeError("killed")
        return made

    monkeypatch.setattr(telling.outbox, "tell_subjects", dies)
    for _ in range(50):
        try:
            if await teller.run_once(datetime.now(UTC)):
                break
        except RuntimeError:
            continue
    one = await _read(town, one)
    assert (one["state"], one["told"], one["withheld"]) == ("TOLD", len(_PEOPLE), 0)
    assert [len(await _heard(town, persona)) for persona in _PEOPLE] == [1] * len(_PEOPLE)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nobody_is_told_before_the_stretchs_last_looks_are_written_down(town: Town) -> None:
    await _looked(town)
    now = datetime.now(UTC)
    one = (await _recorded(town, until=rfc3339(now)))["incident"]
    await _move(town, "incidentTell", one, advice="联系我们")
    await _told(town)
    assert (await _read(town, one))["state"] == "TELLING"
    await _told(town, later=telling.SETTLES)
    assert (await _read(town, one))["told"] == len(_PEOPLE)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_is_frozen_after_the_report_stands_in_the_next_one(town: Town) -> None:
    one = (await _recorded(town))["incident"]
    one = (await _move(town, "incidentTell", one, advice="联系我们"))["incident"]
    await _told(town)
    one = (await _move(town, "incidentPropose", await _read(town, one), conclusion="已停职"))["incident"]
    assert json.loads(one["report"])["frozen"] == []
    stop = {"incidentId": one["id"], "target": "STAFF", "id": await _clerk(town), "reason": "违规查询"}
    stopped = (await town.act("officer-1", "incidentFreeze", stop, _SHOWN))["incident"]
    assert (stopped["state"], stopped["report"]) == ("TOLD", None)
    late = await _move(town, "incidentClose", one, by="approver-1", stands=True)
    assert late["code"] == "WRONG_STATE"
    one = (await _move(town, "incidentPropose", stopped, conclusion="已停职"))["incident"]
    assert [each["target"] for each in json.loads(one["report"])["frozen"]] == ["STAFF"]
    assert (await town.act("officer-1", "incidentFreeze", stop, _SHOWN))["replayed"]
    assert (await _read(town, one))["state"] == "PROPOSED", "the same again is nothing new"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_whose_looks_it_is_about_does_not_deal_with_it(town: Town) -> None:
    officer = str(await _one(town, "SELECT staff_id FROM identity_link WHERE name = 'officer-1'"))
    approver = str(await _one(town, "SELECT staff_id FROM identity_link WHERE name = 'approver-1'"))
    own = (await _recorded(town, staffId=officer))["incident"]
    assert (await _move(town, "incidentTell", own, advice="联系我们"))["code"] == "SECOND_PERSON"
    one = (await _recorded(town, staffId=approver, idempotencyKey="j"))["incident"]
    await _move(town, "incidentTell", one, advice="联系我们")
    await _told(town)
    one = (await _move(town, "incidentPropose", await _read(town, one), conclusion="已停职"))["incident"]
    assert (await _move(town, "incidentClose", one, by="approver-1", stands=True))["code"] == "SECOND_PERSON"
    assert (await _move(town, "incidentClose", one, by="approver-1", stands=False))["code"] == "SECOND_PERSON"
    assert (await _read(town, one))["state"] == "PROPOSED"
    assert (await _move(town, "incidentClose", one, by="approver-2", stands=True))["incident"]["state"] == "CLOSED"


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"what": " "}, "what"),
        ({"staffId": "s" * 41}, "staffId"),
        ({"staffId": ""}, "staffId"),
        ({"staffId": None}, "staffId"),
        ({"grantId": "grt_x"}, "staffId"),
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"until": "2099-01-01T00:00:00Z"}, "until"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_is_no_incident(town: Town, changed: dict[str, Any], path: str) -> None:
    refused = await _recorded(town, **changed)
    assert (refused["code"], refused["details"][0]["path"]) == ("INVALID_INPUT", ["input", path])


@pytest.mark.parametrize("persona", ["handler-1", "clerk-1", "approver-1", "citizen-1", "bank-1"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nobody_but_the_officer_records_one(town: Town, persona: str) -> None:
    one = (await _recorded(town))["incident"]
    before = await stored(town)
    said = f'{{incidentId: "{one["id"]}", expectedVersion: 1, advice: "x"}}'
    tell = f"mutation {{ incidentTell(input: {said}) {{ __typename }} }}"
    assert (await town.ask(persona, tell)).status == 403
    after = await stored(town)
    assert (after["incident"], after["outbox"]) == (before["incident"], before["outbox"])
