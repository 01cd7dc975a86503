"""Complaints (投诉, Art. 4): two people take one in, one of them looks at what it is about, its subject sees all."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text

from audit import withholding
from audit.tables import access
from audit.withholding import WithholdingCode
from core.database import WriteUnit
from core.moments import day_of
from credit.tables import record
from grants.errors import ConflictOfInterest
from oversight.supervision import complaints
from oversight.supervision.areas import CITY, Inspector
from oversight.supervision.complaints import (
    MOST_LOOKS,
    ComplaintMatter,
    ComplaintOutcome,
    ComplaintState,
    ComplaintTerms,
    Heard,
    Whose,
)
from tests.harness.asking import identity
from tests.harness.callers import Town
from tests.harness.complaining import (
    LISTED,
    TRAIL,
    WORDS,
    close,
    confirm,
    opened,
    own_record,
    put,
    read,
    register,
    supervise,
    told,
)
from tests.harness.everything import stored


async def test_two_people_take_one_in_and_one_looks_at_exactly_what_it_is_about(town: Town) -> None:
    own = await own_record(town)
    made = (await register(town))["complaint"]
    assert (made["state"], made["byMe"], made["operator"]) == ("REGISTERED", True, "市级监督员")
    assert await told(town) == ([], []), "nobody has opened anything"
    refused = await read(town, made["id"])
    assert (refused["data"], refused.code) == (None, "COMPLAINT_STATE")
    assert (await confirm(town, made["id"], by="supervisor-1"))["code"] == "SECOND_PERSON"
    opened = await confirm(town, made["id"])
    assert (opened["complaint"]["state"], opened["complaint"]["byMe"]) == ("OPEN", False)
    assert (await confirm(town, made["id"]))["replayed"]
    notices = (await told(town))[1]
    assert len(notices) == 1, "told once"
    assert made["number"] in notices[0]
    assert WORDS in notices[0]

    file = (await read(town, made["id"]))["data"]["complaintFile"]
    assert (file["record"]["id"], file["record"]["objections"]) == (own["id"], own["objections"])
    assert (file["case"], file["looks"]) == (None, None)
    line = (await told(town))[0][0]
    assert line == (f"海津市发展和改革委员会为核查投诉{made['number']}（“{WORDS}”），通过网站查看了您的信用记录。")
    trail = (await town.data("citizen-4", TRAIL))["me"]["accessHistory"]["edges"]
    assert (trail[0]["node"]["id"], trail[0]["node"]["caseNumber"]) == (file["lookId"], made["number"])

    closed = await close(town, made["id"], "FOUNDED", said="已责成更正")
    assert (closed["complaint"]["state"], closed["complaint"]["outcome"]) == ("CLOSED", "FOUNDED")
    assert (await close(town, made["id"], "FOUNDED", said="已责成更正"))["replayed"]
    assert "已责成更正" in (await told(town))[1][0]
    before = await stored(town)
    assert (await read(town, made["id"])).code == "COMPLAINT_STATE"
    assert await stored(town) == before
    assert any("未获准许" in line for line in (await told(town))[0]), "the refused look is an attempt"


async def test_a_case_and_some_days_looks_are_looked_at_alone(town: Town) -> None:
    async with town.house.database.reading() as unit:
        row = await unit.first(
            text(
                "SELECT o.number, o.text FROM objection o JOIN identity_link l ON l.subject_id = o.subject_id"
                " WHERE l.name = 'citizen-4' AND o.addressee = 'CREDIT_INSTITUTION'"
            )
        )
    assert row is not None
    case_id = await opened(town, key="c", matter="OBJECTION", named=row.number, words="迟迟没有答复")
    file = (await read(town, case_id))["data"]["complaintFile"]
    assert (file["case"]["number"], file["case"]["text"]) == (row.number, row.text)
    assert file["case"]["steps"][0]["act"] == "FILE"
    assert (file["record"], file["looks"]) == (None, None)
    assert "查看了您的异议办理情况" in (await told(town))[0][0]

    # An institution's look, one of a bank's, and one that an order withholds: the first alone is its business.
    today = day_of(datetime.now(UTC)).isoformat()
    glass = {
        "subject": await identity(town, "citizen-4"),
        "reason": "疑似冒用",
        "noConflict": True,
        "idempotencyKey": "g",
    }
    broken = (await town.act("handler-1", "glassBreak", glass, "glass { id }"))["glass"]["id"]
    for _ in range(2):
        await town.data(
            "handler-1", "query($i: ID!) { brokenGlass(query: {glassId: $i}) { subject { name } } }", {"i": broken}
        )
    looks_id = await opened(town, key="l", matter="LOOKS", named=..., since=today, until=today, words="有人查我")
    file = (await read(town, looks_id))["data"]["complaintFile"]
    seen = [edge["node"] for edge in file["looks"]["edges"]]
    assert [(one["basis"], one["operator"]) for one in seen] == [("BREAK_GLASS", "异议处理员甲")] * 2
    assert (file["record"], file["case"]) == (None, None)
    async with town.house.database.writing() as unit:
        ids = [r.id for r in await unit.all(text("SELECT id FROM access WHERE basis = 'BREAK_GLASS'"))]
        await unit.run(access.update().where(access.c.id == ids[0]).values(withholding_id=await _order(unit)))
    file = (await read(town, looks_id))["data"]["complaintFile"]
    assert len(file["looks"]["edges"]) == 1, "what is withheld stays withheld"


async def _order(unit: WriteUnit) -> str:
    """An order in force that withholds a look from its subject."""
    at = datetime.now(UTC)
    given: dict[str, Any] = {"party_id": "pty_organ", "case_number": "侦字1号", "by": "a", "at": at}
    given["until"] = at + timedelta(days=9)
    order = await withholding.order(unit, WithholdingCode.HINDERS_LAWFUL_DUTY, **given)
    await withholding.agree(unit, order, party_id="pty_organ", expected=1, by="b", at=at)
    return order


async def test_a_record_that_no_organ_may_look_up_stays_unseen(town: Town) -> None:
    complaint_id = await opened(town)
    async with town.house.database.writing() as unit:
        await unit.run(record.update().values(query_until=date(2020, 1, 1)))
    file = (await read(town, complaint_id))["data"]["complaintFile"]
    assert file["record"] is None


async def test_registering_searches_for_nobody(town: Town) -> None:
    theirs = await identity(town, "citizen-4")
    given: list[dict[str, Any]] = [
        {},
        {"subject": {**theirs, "name": "无此人"}},
        {"named": "不存在的文号"},
        {"about": "citizen-5"},
        {"complainant": await identity(town, "citizen-7")},
    ]
    made = [await register(town, key=f"k{n}", **changed) for n, changed in enumerate(given)]
    shapes = [{name: value for name, value in one["complaint"].items() if name not in ("id", "number")} for one in made]
    assert all(shape == shapes[0] for shape in shapes)
    assert await town.count("SELECT count(*) FROM access WHERE basis = 'SUPERVISION_COMPLAINT'") == 0
    # Confirmed by two, what is not theirs opens nothing, and whoever is named sees who tried.
    for n, about in ((2, "citizen-4"), (3, "citizen-5"), (4, "citizen-4")):
        await confirm(town, made[n]["complaint"]["id"], about=about)
        answer = await read(town, made[n]["complaint"]["id"])
        assert (answer["data"], answer.code) == (None, "NOT_AVAILABLE")
    assert all("未获准许" in line for line in (await told(town))[0])
    assert len((await told(town, "citizen-5"))[0]) == 1


async def test_a_guardian_complains_for_their_ward(town: Town) -> None:
    today = day_of(datetime.now(UTC)).isoformat()
    asked = {"about": "ward-1", "matter": "LOOKS", "named": ..., "since": today, "until": today}
    complaint_id = await opened(town, **asked, complainant=await identity(town, "citizen-3"))
    assert (await read(town, complaint_id))["data"]["complaintFile"]["looks"]["edges"] == []
    kept = await town.count("SELECT count(*) FROM complaint WHERE capacity = 'GUARDIAN' AND opens")
    assert kept == 1


async def test_the_second_person_has_the_same_complaint_before_them(town: Town) -> None:
    made = (await register(town))["complaint"]
    before = await stored(town)
    answer = await confirm(town, made["id"], about="citizen-5")
    assert answer["code"] == "NOT_AS_REGISTERED"
    after = await stored(town)
    assert {name for name in before if before[name] != after[name]} == set()
    assert "未获准许" in (await told(town, "citizen-5"))[0][0]
    assert (await confirm(town, made["id"]))["complaint"]["state"] == "OPEN"
    # Who confirmed does not look, nor does a colleague's complaint open to them.
    assert (await read(town, made["id"], "supervisor-3")).code == "NOT_AVAILABLE"


async def test_another_departments_complaint_is_as_absent_as_a_made_up_one(town: Town) -> None:
    complaint_id = await opened(town)
    before = await stored(town)
    refused, absent = await read(town, complaint_id, "supervisor-2"), await read(town, "cpl_nobody", "supervisor-2")
    assert refused.response.content == absent.response.content
    assert refused.code == "NOT_AVAILABLE"
    acts = [
        (await confirm(town, complaint_id, by="supervisor-2"), await confirm(town, "cpl_nobody", by="supervisor-2")),
        (
            await close(town, complaint_id, "WITHDRAWN", "supervisor-2"),
            await close(town, "cpl_nobody", "WITHDRAWN", "supervisor-2"),
        ),
    ]
    assert all(one == other and one["code"] == "NOT_AVAILABLE" for one, other in acts)
    assert (await town.data("supervisor-2", LISTED, {"o": False}))["oversight"]["complaints"]["edges"] == []
    assert await stored(town) == before
    # Looks name nobody; who typed a number tried at somebody.
    lines = (await told(town))[0]
    assert len([line for line in lines if "滨河区" in line and "未获准许" in line]) == 2
    # A department whose area is another one now has lost what it took in.
    await supervise(town, "129901")
    assert (await read(town, complaint_id)).code == "NOT_AVAILABLE"


async def test_a_district_looks_at_its_own_areas_matters_alone(town: Town) -> None:
    await supervise(town, "129901")
    number = (await own_record(town))["documentNumber"]
    for district, is_theirs in (("129902", False), (None, False), ("129901", True)):
        async with town.house.database.writing() as unit:
            query = text("UPDATE record SET district = :d WHERE document_number = :n")
            await unit.run(query.bindparams(d=district, n=number))
        complaint_id = await opened(town, key=f"d{district}")
        answer = await read(town, complaint_id)
        assert (answer["data"] is not None) is is_theirs, district
    today = day_of(datetime.now(UTC)).isoformat()
    glass = {
        "subject": await identity(town, "citizen-4"),
        "reason": "疑似冒用",
        "noConflict": True,
        "idempotencyKey": "g",
    }
    broken = (await town.act("handler-1", "glassBreak", glass, "glass { id }"))["glass"]["id"]
    await town.data(
        "handler-1", "query($i: ID!) { brokenGlass(query: {glassId: $i}) { subject { name } } }", {"i": broken}
    )
    looks_id = await opened(town, key="l", matter="LOOKS", named=..., since=today, until=today)
    file = (await read(town, looks_id))["data"]["complaintFile"]
    assert file["looks"]["edges"] == [], "the city's staff looked, not the district's"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_which_outcome_closes_which(town: Town) -> None:
    now = datetime.now(UTC)
    confirmed = {"confirmed_by": "stf_x", "confirmed_at": now}
    waits = {"confirmed_by": None, "confirmed_at": None}
    later, passed = now + timedelta(days=3), now - timedelta(seconds=1)
    states: dict[ComplaintState, dict[str, Any]] = {
        ComplaintState.REGISTERED: {**waits, "until": later, "ended_at": None},
        ComplaintState.OPEN: {**confirmed, "until": later, "ended_at": None},
        ComplaintState.LAPSED: {**confirmed, "until": passed, "ended_at": None},
        ComplaintState.CLOSED: {**confirmed, "until": later, "ended_at": now},
    }
    made = (await register(town))["complaint"]
    for state, outcome in product(ComplaintState, ComplaintOutcome):
        closed = {"outcome": "WITHDRAWN", "closed_by": "stf_x", "finding": "x"}
        none = {"outcome": None, "closed_by": None, "finding": None}
        await put(town, **states[state], **(closed if state is ComplaintState.CLOSED else none))
        before = await stored(town)
        done = await close(town, made["id"], outcome.value, "supervisor-3")
        if state in complaints.CLOSES[outcome]:
            assert done["complaint"]["outcome"] == outcome.value
        else:
            assert done["code"] == "COMPLAINT_STATE"
            assert await stored(town) == before
        assert await stored(town) != before or state not in complaints.CLOSES[outcome]
    await put(town, **states[ComplaintState.REGISTERED], outcome=None, closed_by=None, finding=None)
    assert (await close(town, made["id"], "REFUSED"))["code"] == "SECOND_PERSON"


async def test_it_ends_by_itself_and_its_subject_hears(town: Town) -> None:
    complaint_id = await opened(town)
    await put(town, until=datetime.now(UTC))
    before = await stored(town)
    assert (await read(town, complaint_id)).code == "COMPLAINT_STATE"
    assert await stored(town) == before, "whether or not the duty has written it down"
    listed = (await town.data("supervisor-1", LISTED, {"o": True}))["oversight"]["complaints"]["edges"]
    assert listed == []
    await ComplaintTerms(town.house.database).run_once(datetime.now(UTC))
    await ComplaintTerms(town.house.database).run_once(datetime.now(UTC))
    listed = (await town.data("supervisor-1", LISTED, {"o": False}))["oversight"]["complaints"]["edges"]
    assert [edge["node"]["state"] for edge in listed] == ["LAPSED"]
    kinds = [one.split()[0] for one in (await told(town))[1]]
    assert kinds == ["COMPLAINT_LAPSED", "COMPLAINT_OPENED"]
    # Nobody confirmed in time.
    other = (await register(town, key="k2"))["complaint"]
    await put(town, until=datetime.now(UTC))
    assert (await confirm(town, other["id"]))["code"] == "COMPLAINT_STATE"


async def test_whoever_is_the_person_takes_in_no_complaint_of_theirs(town: Town) -> None:
    """One who signs in by the same name at another issuer is the same person."""
    async with town.house.database.writing() as unit:
        await unit.run(
            text("UPDATE identity_link SET name = 'same', issuer = 'https://staff.example' WHERE name = 'supervisor-3'")
        )
        await unit.run(text("UPDATE identity_link SET name = 'same' WHERE name = 'citizen-9'"))
        staff = await unit.first(
            text("SELECT staff_id FROM identity_link WHERE name = 'same' AND staff_id IS NOT NULL")
        )
        person = await unit.first(text("SELECT subject_id FROM identity_link WHERE name = 'same' AND staff_id IS NULL"))
    assert staff is not None
    assert person is not None
    heard = Heard(ComplaintMatter.RECORD, "x", day_of(datetime.now(UTC)), "x")
    async with town.house.database.writing() as unit:
        by = Inspector("pty_x", staff.staff_id, CITY)
        with pytest.raises(ConflictOfInterest):
            await complaints.register(unit, by, heard, Whose(person.subject_id), at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"words": " "}, "words", "LENGTH"),
        ({"words": "诉" * 201}, "words", "LENGTH"),
        ({"named": ...}, "named", "LENGTH"),
        ({"since": "2026-01-01"}, "since", "NOT_WANTED"),
        ({"receivedOn": "2199-01-01"}, "receivedOn", "OUT_OF_RANGE"),
        ({"receivedOn": "2020-01-01"}, "receivedOn", "OUT_OF_RANGE"),
        ({"matter": "LOOKS"}, "named", "NOT_WANTED"),
        ({"matter": "LOOKS", "named": ..., "until": "2026-01-01"}, "since", "NEEDED"),
        ({"matter": "LOOKS", "named": ..., "since": "2026-01-01", "until": "2026-04-03"}, "until", "OUT_OF_RANGE"),
        ({"matter": "LOOKS", "named": ..., "since": "2026-01-02", "until": "2026-01-01"}, "until", "OUT_OF_RANGE"),
        ({"matter": "LOOKS", "named": ..., "since": "2199-01-01", "until": "2199-01-01"}, "until", "OUT_OF_RANGE"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_is_wrong_is_said_and_nothing_is_taken_in(
    town: Town, changed: dict[str, Any], path: str, code: str
) -> None:
    refused = await register(town, **changed)
    assert (["input", path], code) in [(one["path"], one["code"]) for one in refused["details"]]
    assert await town.count("SELECT count(*) FROM complaint") == 0


@pytest.mark.parametrize("persona", ["handler-1", "approver-1", "citizen-1", "agency-1"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_nobody_else_takes_one_in_or_reads_one(town: Town, persona: str) -> None:
    complaint_id = await opened(town)
    assert (await read(town, complaint_id, persona)).status == 403
    document = "mutation($i: ComplaintCloseInput!) { complaintClose(input: $i) { __typename } }"
    given = {"complaintId": complaint_id, "outcome": "WITHDRAWN", "finding": "x"}
    assert (await town.ask(persona, document, {"i": given})).status == 403
    assert await town.count("SELECT count(*) FROM complaint WHERE outcome IS NULL AND looks = 0") == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_a_confirmation_and_a_refusal_at_once_one_counts_and_looks_are_counted_exactly(town: Town) -> None:
    made = (await register(town))["complaint"]
    both = await asyncio.gather(
        confirm(town, made["id"]), close(town, made["id"], "REFUSED", "supervisor-3"), confirm(town, made["id"])
    )
    ended = await town.count("SELECT count(*) FROM complaint WHERE outcome = 'REFUSED' AND confirmed_at IS NULL")
    is_open = await town.count("SELECT count(*) FROM complaint WHERE outcome IS NULL AND confirmed_at IS NOT NULL")
    assert ended + is_open == 1, both
    assert await town.count("SELECT count(*) FROM outbox WHERE kind LIKE 'COMPLAINT_%'") == 1
    complaint_id = await opened(town, key="looks")
    answers = await asyncio.gather(*(read(town, complaint_id) for _ in range(MOST_LOOKS + 4)))
    assert ["errors" in one for one in answers].count(True) == 4
    shown = "SELECT count(*) FROM access WHERE basis = 'SUPERVISION_COMPLAINT' AND refused IS NULL"
    assert await town.count(shown) == MOST_LOOKS
