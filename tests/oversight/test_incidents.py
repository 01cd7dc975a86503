"""Incidents (Art. 14, 个人信息保护法 57): recorded, frozen, told to everybody once, closed with a report by two."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from audit.lens import Audience, BasisKind, Lens
from audit.log import Log, Shapes
from audit.looks import Look, Shape
from core.moments import rfc3339
from core.principal import Channel
from oversight.duty import incidents
from oversight.duty.incidents import Teller
from tests.harness.callers import Town
from tests.harness.everything import stored

_SHOWN = """incident { id number kind state told touched version report reportSha256 advice
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


async def _told(town: Town) -> None:
    while await Teller(town.house.database).tell(at=datetime.now(UTC)):
        pass


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
    monkeypatch.setattr(incidents, "AT_ONCE", 2)
    tell, tries = incidents.outbox.tell_subject, 0

    async def dies(*args: Any, **kwargs: Any) -> str:
        nonlocal tries
        tries += 1
        made = await tell(*args, **kwargs)
        if tries % 3 == 0:
            raise RuntimeError("killed")
        return made

    monkeypatch.setattr(incidents.outbox, "tell_subject", dies)
    teller = Teller(town.house.database)
    for _ in range(50):
        try:
            if not await teller.tell(at=datetime.now(UTC)):
                break
        except RuntimeError:
            continue
    assert tries > len(_PEOPLE)
    for persona in _PEOPLE:
        assert len(await _heard(town, persona)) == 1, persona


async def test_two_that_turn_out_to_be_one_are_told_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first batch or between two: under whichever ids they were looked at, they hear of it once."""
    await _looked(town)
    ids = sorted([await _one(town, "SELECT subject_id FROM identity_link WHERE name = :n", n=name) for name in _PEOPLE])
    joined = "INSERT INTO trail_joined (absorbed_id, kept_id, joined_at) SELECT :a, :k, recorded_at FROM incident"
    one = (await _recorded(town))["incident"]
    await _move(town, "incidentTell", one, advice="联系我们")
    monkeypatch.setattr(incidents, "AT_ONCE", 2)
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


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"what": " "}, "what"),
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
