"""A kiosk (Art. 8(2)): a document, a visit, what is printed, and that nothing is had once it is over."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import orjson
import pytest
from sqlalchemy import text

from api.demo import card_reader
from grants import kiosk
from tests.harness import at_counter, at_kiosk, organs
from tests.harness.at_kiosk import MADE_UP, Kiosk, moved
from tests.harness.callers import Town

_ONE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_BOTH = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
_NOTICES = "{ me { notices(first: 5) { edges { node { kind message } } } } }"
_VISIT = "query($i: ID!) { kiosk { visit(id: $i) { number prints { reportNumber data } } } }"
_TRIED = "SELECT count(*) FROM access WHERE basis = 'KIOSK' AND refused = :code"
_HAD = "SELECT count(*) FROM access WHERE basis = 'KIOSK' AND refused IS NULL"


async def _told(town: Town, persona: str) -> list[str]:
    edges = (await town.data(persona, _NOTICES))["me"]["notices"]["edges"]
    return [edge["node"]["message"] for edge in edges if edge["node"]["kind"] == "KIOSK_LOOKED"]


@_BOTH
async def test_the_whole_visit_of_somebody_with_their_card(town: Town) -> None:
    """A card, a report, the same report once more, the trail, the end; and who was looked at hears of all of it."""
    device = await Kiosk(town).register()
    here = (await device.ask("{ kiosk { id label reader { name offers } } }"))["data"]["kiosk"]
    assert (here["id"], here["label"]) == (device.id, "自助终端2号")
    assert here["reader"] == {"name": "演示读卡器", "offers": ["PIN", "TEXT_MESSAGE", "FACE"]}
    statement = device.stated(organs.identity("citizen-1"))
    made = await device.begin_with(statement, "v")
    assert await device.begin_with(statement, "v") == {**made, "replayed": True}
    visit = made["visit"]
    assert (visit["document"], visit["over"], visit["looksLeft"]) == ("IDENTITY_CARD", False, kiosk.MOST_LOOKS)
    assert await _told(town, "citizen-1") == [], "nobody has looked yet"

    printed = await device.report(visit["id"], "r")
    assert await device.report(visit["id"], "r") == {**printed, "replayed": True}
    said = orjson.loads(printed["printout"]["data"])
    assert (said["subject"]["name"], said["authority"]) == (organs.identity("citizen-1")["name"], None)
    line = (await organs.trail(town, "citizen-1"))[0]
    assert (line["basis"], line["caseNumber"], line["actor"]["operator"]) == ("KIOSK", visit["number"], "自助终端2号")
    shown = f"凭您的身份证件，为“本人在自助终端查询（案号{visit['number']}）”通过自助终端查看了您的信息"
    assert shown in line["summary"]
    (notice,) = await _told(town, "citizen-1")
    assert visit["number"] in notice
    assert "自助终端2号" in notice

    again = (await device.ask(_VISIT, {"i": visit["id"]}))["data"]["kiosk"]["visit"]
    assert again["prints"] == [
        {"reportNumber": printed["printout"]["reportNumber"], "data": printed["printout"]["data"]}
    ]
    assert await town.count(_HAD) == 1, "printing it once more is no further look"
    ended = {"printId": printed["printout"]["id"], "outcome": "PRINTED"}
    assert (await device.act("kioskPrintEnd", ended, at_kiosk.PRINT))["printout"]["outcome"] == "PRINTED"
    assert (await device.act("kioskPrintEnd", {**ended, "outcome": "NOT_PRINTED"}, at_kiosk.PRINT))[
        "code"
    ] == "WRONG_STATE"
    trail = (await device.trail(visit["id"]))["data"]["kioskTrail"]
    assert trail["accessHistory"]["edges"][0]["node"]["summary"] == line["summary"]
    assert await _told(town, "citizen-1") == [notice], "one visit tells once"

    over = (await device.end(visit["id"]))["visit"]
    assert (over["over"], over["prints"]) == (True, [])
    assert (await device.end(visit["id"]))["replayed"]
    own = await town.data("citizen-1", "{ me { reports(first: 1) { edges { node { number } } } } }")
    assert own["me"]["reports"]["edges"][0]["node"]["number"] == printed["printout"]["reportNumber"]


@_ONE
async def test_an_organisation_comes_with_its_electronic_licence(town: Town) -> None:
    device = await Kiosk(town).register()
    made = await device.begin(await at_kiosk.company(town), "v")
    assert made["visit"]["document"] == "ELECTRONIC_LICENCE"
    said = orjson.loads((await device.report(made["visit"]["id"], "r"))["printout"]["data"])
    assert said["subject"]["kind"] == "LEGAL_PERSON"
    assert "本单位在自助终端查询" in (await organs.trail(town, "company-1-legal"))[0]["summary"]


_OVER = ("ended", "time", "another begins", "key frozen", "device frozen", "frozen and lifted")


@_ONE
@pytest.mark.parametrize("how", _OVER)
async def test_nothing_is_had_of_a_visit_that_is_over(town: Town, how: str) -> None:
    """However it ended: no report, not the one there was, no trail, no longer stay; and each try is written down."""
    device = await Kiosk(town).register()
    visit_id = await device.visiting("citizen-1", "v")
    printed = (await device.report(visit_id, "r"))["printout"]
    await _end(town, device, visit_id, how)
    if how in ("key frozen", "device frozen"):
        asked = await device.ask(_VISIT, {"i": visit_id})
        assert (asked.status, asked.get("data")) == (403, None)
        assert (await device.trail(visit_id)).status == 403
        return
    codes = [
        (await device.report(visit_id, "r"))["code"],
        (await device.report(visit_id, "r2"))["code"],
        (await device.stay(visit_id))["code"],
        (await device.act("kioskPrintEnd", {"printId": printed["id"], "outcome": "PRINTED"}, at_kiosk.PRINT))["code"],
        (await device.trail(visit_id)).code,
        (await device.ask(_VISIT, {"i": visit_id})).code,
    ]
    assert set(codes) == {"KIOSK_VISIT_ENDED"}, codes
    assert await town.count(_HAD) == 1
    assert await town.count(_TRIED, code="KIOSK_VISIT_ENDED") == 3


async def _end(town: Town, device: Kiosk, visit_id: str, how: str) -> None:
    if how == "ended":
        await device.end(visit_id)
    elif how == "time":
        await moved(town, visit_id, minutes=6)
    elif how == "another begins":
        await device.visiting("citizen-2", "next")
    else:
        target, id_ = ("CLIENT_KEY", device.key_id) if how == "key frozen" else ("STAFF", device.id)
        named = {"target": target, "id": id_, "reason": "核查"}
        assert (await town.act("officer-1", "partyFreeze", named, "frozen"))["frozen"]
        if how == "frozen and lifted":
            for person in ("approver-1", "approver-2"):
                lifted = await town.act(person, "partyLift", named, "frozen")
            assert not lifted["frozen"]


@_ONE
async def test_anothers_visit_an_absent_one_and_one_that_is_over_answer_with_the_same_bytes(town: Town) -> None:
    here, there = await Kiosk(town).register(), await Kiosk(town).register("自助终端3号", key="k3")
    theirs, over = await there.visiting("citizen-1", "t"), await here.visiting("citizen-2", "o")
    await here.end(over)
    answers = set()
    for n, visit_id in enumerate((theirs, over, MADE_UP)):
        asked = [await here.ask(_VISIT, {"i": visit_id}), await here.trail(visit_id)]
        acted = [await here.report(visit_id, f"r{n}"), await here.stay(visit_id)]
        answers.add((*(one.response.content for one in asked), *(orjson.dumps(one) for one in acted)))
    assert len(answers) == 1
    assert (await here.end(theirs))["code"] == (await here.end(MADE_UP))["code"] == "KIOSK_VISIT_ENDED"
    assert not (await there.ask(_VISIT, {"i": theirs})).get("errors"), "nobody else ends it"


@_ONE
async def test_beginning_tells_nothing_of_who_is_known(town: Town) -> None:
    """Somebody, nobody, another's name: one answer; and there is nothing to look at for all but the first."""
    device = await Kiosk(town).register()
    known = organs.identity("citizen-1")
    shapes, codes = [], []
    for n, who in enumerate((known, organs.NOBODY, {**known, "name": "张三"})):
        made = await device.begin(who, f"v{n}")
        ids = ("id", "number", "until", "latest")
        shapes.append({key: value for key, value in made["visit"].items() if key not in ids})
        codes.append((await device.report(made["visit"]["id"], f"r{n}")).get("code"))
        trail = await device.trail(made["visit"]["id"])
        assert ("errors" in trail) is (n > 0)
    assert shapes[0] == shapes[1] == shapes[2]
    assert codes == [None, "NOT_AVAILABLE", "NOT_AVAILABLE"]
    assert await town.count("SELECT count(*) FROM access WHERE basis = 'KIOSK' AND refused = 'NOT_AVAILABLE'") == 4


def _changed(statement: str, **changed: Any) -> str:
    claims = jwt.decode(statement, options={"verify_signature": False})
    said = {**claims, **changed}
    return jwt.encode(said, card_reader._EVERYBODYS, "ES256", {"typ": "haihe-card+jwt"})


@_ONE
async def test_what_no_reader_beside_this_kiosk_has_just_stated_begins_nothing(town: Town) -> None:
    device, now = await Kiosk(town).register(), datetime.now(UTC)
    good = device.stated(organs.identity("citizen-1"))
    head, body, signature = good.split(".")
    used = device.stated(organs.identity("citizen-2"))
    await device.begin_with(used, "used")
    issued = int(now.timestamp())
    wrong = {
        "nothing": "",
        "no statement": "x.y.z",
        "not ascii": "卡",
        "too long": good + "A" * 5000,
        "unsigned": f"{head}.{body}.",
        "another signature": f"{head}.{body}.{signature[::-1]}",
        "another device's": device.stated(organs.identity("citizen-1"), device="stf_x"),
        "an old one": device.stated(organs.identity("citizen-1"), at=now - timedelta(minutes=3)),
        "one of tomorrow": device.stated(organs.identity("citizen-1"), at=now + timedelta(days=1)),
        "one that lasts": _changed(good, exp=issued + 3600),
        "one without a name of its own": _changed(good, jti=None),
        "another issuer's": _changed(good, iss="someone"),
        "a broken number": _changed(good, number="12990119700101001Y"),
        "no number": _changed(good, number=None),
        "no name": _changed(good, name=["a"]),
        "an unknown document": _changed(good, document="LIBRARY_CARD"),
        "an unknown way": _changed(good, checked="VOICE"),
        "no ways": _changed(good, offered=None),
        "a day that is none": _changed(good, until="2026-02-30"),
        "used before": used,
    }
    seen = {name: await device.begin_with(text, f"w{n}") for n, (name, text) in enumerate(wrong.items())}
    refused = {"__typename": "Refusal", "code": "DOCUMENT_NOT_READ", "details": [], "retryAt": None}
    assert {name: one for name, one in seen.items() if one != refused} == {}
    assert await town.count("SELECT count(*) FROM kiosk_visit") == 1


@_ONE
async def test_a_document_that_will_not_do_is_said_to_its_bearer(town: Town) -> None:
    device = await Kiosk(town).register()
    past = at_counter.yesterday()
    refused = await device.begin(organs.identity("citizen-1"), "v", valid_until=past)
    assert (refused["code"], refused["details"]) == (
        "DOCUMENT_REFUSED",
        [{"path": ["input", "statement"], "code": "DOCUMENT_EXPIRED"}],
    )
    assert await town.count("SELECT count(*) FROM kiosk_visit") == 0


@_ONE
async def test_a_visit_stands_five_minutes_after_each_touch_and_half_an_hour_at_most(town: Town) -> None:
    device = await Kiosk(town).register()
    visit_id = await device.visiting("citizen-1", "v")
    for n in range(7):  # four minutes are gone each time
        await moved(town, visit_id, minutes=4)
        stood = (await device.stay(visit_id))["visit"]
        assert (stood["until"] < stood["latest"]) is (n < 6), "28 minutes are gone: two are left"
    await moved(town, visit_id, minutes=3)
    assert (await device.stay(visit_id))["code"] == "KIOSK_VISIT_ENDED"


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_looks_that_race_ten_are_had_and_of_notices_one(town: Town) -> None:
    device = await Kiosk(town).register()
    visit_id = await device.visiting("citizen-1", "v")
    answers = await asyncio.gather(*(device.report(visit_id, f"r{n}") for n in range(14)))
    assert sorted(one.get("code", "") for one in answers) == [""] * 10 + ["KIOSK_VISIT_USED"] * 4
    assert await town.count(_HAD) == 10
    assert len(await _told(town, "citizen-1")) == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_one_reading_sent_at_once_one_visit_begins(town: Town) -> None:
    here = await Kiosk(town).register()
    await here.ask("{ kiosk { id } }")
    statement = here.stated(organs.identity("citizen-1"))
    answers = await asyncio.gather(*(here.begin_with(statement, f"v{n}") for n in range(8)))
    assert sorted(one.get("code", "") for one in answers) == [""] + ["DOCUMENT_NOT_READ"] * 7
    assert await town.count("SELECT count(*) FROM kiosk_visit WHERE ended_at IS NULL") == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_visits_that_begin_at_once_the_last_one_stands(town: Town) -> None:
    """One person stands at a kiosk: each beginning waits for the one before, and ends its visit."""
    here = await Kiosk(town).register()
    await here.ask("{ kiosk { id } }")
    answers = await asyncio.gather(*(here.begin(organs.identity(f"citizen-{n}"), f"v{n}") for n in range(1, 9)))
    assert {one["__typename"] for one in answers} == {"KioskVisitBeginPayload"}
    assert await town.count("SELECT count(*) FROM kiosk_visit WHERE ended_at IS NULL") == 1


@_ONE
async def test_a_kiosk_begins_so_many_visits_in_an_hour(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk, "MOST_AN_HOUR", 2)
    device = await Kiosk(town).register()
    await device.visiting("citizen-1", "a")
    await device.visiting("citizen-1", "b")
    refused = await device.begin(organs.identity("citizen-1"), "c")
    assert refused["code"] == "KIOSK_BUSY"
    assert refused["retryAt"] is not None
    async with town.house.database.writing() as unit:
        await unit.run(text("DELETE FROM kiosk_visit WHERE number IN (SELECT min(number) FROM kiosk_visit)"))
    assert (await device.begin(organs.identity("citizen-1"), "d"))["__typename"] == "KioskVisitBeginPayload"


@_ONE
@pytest.mark.parametrize("persona", ["citizen-1", "clerk-1", "approver-1", "officer-1", "agency-1", "till-1"])
async def test_nobody_else_is_a_kiosk(town: Town, persona: str) -> None:
    for document, variables in (("{ kiosk { id } }", {}), (at_kiosk.TRAIL, {"q": {"visitId": MADE_UP}})):
        assert (await town.ask(persona, document, variables)).code == "FORBIDDEN"


@_ONE
async def test_only_the_institution_registers_kiosks_and_nothing_else(town: Town) -> None:
    told = {"label": "终端", "scopes": ["KIOSK_SERVE"]}
    refused = await town.act("partner-1", "clientRegister", {**told, "idempotencyKey": "p"}, "client { id }")
    assert refused["code"] == "INVALID_INPUT"
    other = {"label": "终端", "scopes": ["COUNTER_SERVE"], "idempotencyKey": "c"}
    assert (await town.act("approver-1", "clientRegister", other, "client { id }"))["code"] == "INVALID_INPUT"
    own = (await town.data("approver-1", "{ organisation { party { id } } }"))["organisation"]["party"]["id"]
    hired = {"partyId": own, "label": "终端", "post": "KIOSK", "idempotencyKey": "h"}
    assert "code" in await town.act("approver-1", "staffEmploy", hired, "staff { id }"), "it is no post for a person"


@_ONE
async def test_its_tokens_say_that_it_is_a_kiosk(town: Town) -> None:
    device = await Kiosk(town).register()
    claims = jwt.decode(await device.token(), options={"verify_signature": False})
    assert (claims["channel"], claims["scope"], claims["client_key"]) == ("KIOSK", "kiosk:serve", device.key_id)
