"""One list of what waits for somebody else's word: each kind for whoever may give it, and for nobody else."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, text
from sqlalchemy.dialects import postgresql

from api import personas
from api.personas import Persona
from api.settings import DEMONSTRATION_ISSUER
from audit import withholding
from audit.withholding import WithholdingCode
from core.database import ReadUnit, WriteUnit, metadata
from core.ids import new_id
from core.principal import Channel, Scope
from core.waiting import Second
from grants import mandating
from grants.mandating import Proposal
from grants.scope import RecordCategory, StatutoryPurpose
from incentives.tables import offer_step
from oversight.duty import confidentiality, glass, incidents, posts
from oversight.duty.confidentiality import Leaving
from oversight.duty.glass import Hand
from oversight.duty.incidents import IncidentKind, Recorded
from oversight.duty.posts import Reviewer
from oversight.duty.tables import incident, look_review, post_review
from oversight.industry import models
from oversight.sharing import shares
from oversight.supervision import orders
from oversight.supervision.orders import OrderAct, Side
from oversight.supervision.tables import complaint, rectification
from parties import admission, freezing, hiring, links, membership
from parties.freezing import Named
from parties.hiring import Giver, Vacancy
from parties.kinds import PartyKind, Post, Target
from parties.links import Owner
from parties.membership import Application
from parties.states import PartyAct
from schema.waiting import ACTS, WaitingKind, may_decide
from tests.harness import objecting, offering, organs
from tests.harness.callers import Town
from tests.harness.waiting import LIST, Desk

_EVERYTHING = Persona("任何岗位", "haihe-desk", Channel.WEB, tuple(Scope))


@pytest.fixture
async def desk(town: Town) -> Desk:
    """Beside the personas a district's institution and a merchant, each with somebody in every post."""
    strangers = []
    async with town.house.database.writing() as unit:
        # What the demonstration left waiting is not this test's.
        for done in ("offer SET review = NULL", "post_review SET outcome = 'KEPT', decided_at = opened_at"):
            await unit.run(text(f"UPDATE {done}"))
        district = text("UPDATE party SET institution = true, district = '120101' WHERE code = 'BHFGW'")
        await unit.run(district)
        for code in ("BHFGW", "PARTNER1"):
            row = await unit.first(text("SELECT id FROM party WHERE code = :c"), {"c": code})
            assert row is not None
            for post in (Post.APPROVER, Post.SECURITY, Post.OFFICER, Post.HANDLER):
                name = f"{code}-{post}"
                staff_id = await admission.employ(unit, row.id, label="别处", post=post)
                await links.link(unit, issuer=DEMONSTRATION_ISSUER, name=name, owner=Owner(staff_id=staff_id))
                at, rings = datetime.now(UTC), town.house.rings
                strangers.append(personas.sign(rings, _EVERYTHING, name, row.id, audience="haihe", at=at))
        found = await unit.all(
            text("SELECT l.name, l.staff_id, s.party_id FROM identity_link l JOIN staff s ON s.id = l.staff_id")
        )
    staff, party = {row.name: row.staff_id for row in found}, {row.name: row.party_id for row in found}
    return Desk(town, staff, party, strangers)


@asynccontextmanager
async def _waits(desk: Desk, kind: WaitingKind, id: str, *seen_by: str) -> AsyncIterator[None]:
    """It stands in just these lists, and after what is done in the body in none of them."""
    assert await desk.sees(kind, id) == set(seen_by), kind
    yield
    assert await desk.sees(kind, id) == set(), kind


async def test_what_the_institutions_approvers_decide(desk: Desk) -> None:
    one, two, city = desk.staff["approver-1"], desk.staff["approver-2"], desk.party["approver-1"]

    async def release(unit: WriteUnit, at: datetime) -> str:
        await confidentiality.ask(
            unit, city, Leaving("AGENCY_BATCH", "bat_x", "名单", 120, "0" * 64, "某机关"), by=one, at=at
        )
        row = await unit.first(text("SELECT id FROM release WHERE about = 'bat_x'"))
        assert row is not None
        return str(row.id)

    made = await desk.write(release)
    async with _waits(desk, WaitingKind.RELEASE, made, "approver-2"):
        await desk.write(
            lambda unit, at: confidentiality.decide(unit, city, two, made, leaves=True, reason=None, at=at)
        )

    broken = Hand(city, one, "审批人甲", True)
    glass_id = await desk.write(
        lambda unit, at: glass.open_(unit, broken, glass.nobody(), "紧急", no_conflict=True, at=at)
    )
    second = Hand(city, two, "审批人乙", True)
    async with _waits(desk, WaitingKind.GLASS, glass_id, "approver-2"):
        (first,) = [node for node in await desk.read("approver-2") if node["kind"] == "GLASS"]
        assert first["due"]
        assert first["askedBy"]
        await desk.write(lambda unit, at: glass.answer(unit, second, glass_id, stands=False, reason="并非紧急", at=at))
    async with _waits(desk, WaitingKind.GLASS_REVIEW, glass_id, "approver-2"):
        await desk.write(lambda unit, at: glass.review(unit, second, glass_id, "已培训", at=at))

    await desk.write(lambda unit, at: posts.open_(unit, at=at))
    own = await desk.write(lambda unit, _: unit.first(post_review.select().where(post_review.c.staff_id == one)))
    reviewer = Reviewer(city, two, True)
    async with _waits(desk, WaitingKind.POST, own.id, "approver-2"):
        await desk.write(lambda unit, at: posts.decide(unit, reviewer, own.id, stays=True, at=at))
    await desk.write(
        lambda unit, at: unit.run(post_review.update().values(outcome="KEPT", decided_by=None, decided_at=at))
    )

    order = new_id("rct")
    await desk.write(lambda unit, at: unit.run(rectification.insert().values(**_order(order, city, at))))
    async with _waits(desk, WaitingKind.ORDER, order, "approver-1", "approver-2"):
        side = Side(city, two)
        await desk.write(lambda unit, at: orders.take(unit, side, order, OrderAct.REPLY, "已改正", 1, at=at))


def _order(id: str, city: str, at: datetime) -> dict[str, Any]:
    said = {"id": id, "number": "ZG1", "version": 1, "state": "ISSUED", "party_id": city, "issued_by": city}
    return {**said, "issued_at": at, "findings": "x", "cited": [], "due_at": at + timedelta(days=9)}


async def test_organisations_posts_and_mandates(desk: Desk) -> None:
    one, two, officer = desk.staff["approver-1"], desk.staff["approver-2"], desk.staff["officer-1"]
    bank = Application("NEWBANK", "新示例银行", PartyKind.BANK, "电话", ["FINANCING"])
    party_id = await desk.write(lambda unit, at: membership.apply(unit, bank, by=one, at=at))
    async with _waits(desk, WaitingKind.PARTY, party_id, "approver-2"):
        await desk.write(lambda unit, _: membership.admit(unit, party_id, expected=1, by=two))

    for act, expected in ((PartyAct.SUSPEND, 2), (PartyAct.REINSTATE, 3)):
        said = {"expected": expected, "reason": "核查", "by": one}
        await desk.write(lambda unit, at, a=act, s=said: membership.move(unit, party_id, a, **s, at=at))  # type: ignore[misc]
        moved = await _act(desk)
        async with _waits(desk, WaitingKind.PARTY_ACT, moved, "approver-2", "officer-1"):
            agreed = {**said, "by": two}
            await desk.write(lambda unit, at, a=act, s=agreed: membership.move(unit, party_id, a, **s, at=at))  # type: ignore[misc]

    clerk = Named(Target.STAFF, desk.staff["clerk-1"])
    await desk.write(lambda unit, at: freezing.freeze(unit, clerk, by=officer, reason="核查", at=at))
    assert not [node for node in await desk.read("approver-1") if node["kind"] == "PARTY_ACT"], "a freeze takes one"
    await desk.write(lambda unit, at: freezing.lift(unit, clerk, by=one, reason="查清", at=at))
    async with _waits(desk, WaitingKind.PARTY_ACT, await _act(desk), "approver-2", "officer-1"):
        await desk.write(lambda unit, at: freezing.lift(unit, clerk, by=two, reason="查清", at=at))
    # What was moved before something else put the party out is not agreed to any more.
    suspend = {"expected": 4, "reason": "核查", "by": one}
    await desk.write(lambda unit, at: membership.move(unit, party_id, PartyAct.SUSPEND, **suspend, at=at))
    async with _waits(desk, WaitingKind.PARTY_ACT, await _act(desk), "approver-2", "officer-1"):
        frozen = Named(Target.PARTY, party_id)
        await desk.write(lambda unit, at: freezing.freeze(unit, frozen, by=officer, reason="核查", at=at))

    giver = Giver(desk.party["approver-1"], Post.APPROVER, True)
    city = desk.party["approver-1"]
    staff_id = await desk.write(
        lambda unit, at: hiring.give(unit, giver, city, Vacancy("新窗口", Post.CLERK), by=one, at=at)
    )
    async with _waits(desk, WaitingKind.SIGN_IN, staff_id, "officer-1"):
        linked = {"issuer": DEMONSTRATION_ISSUER, "name": "new-clerk", "staff_id": staff_id, "by": officer}
        await desk.write(lambda unit, _: links.link_staff(unit, **linked, reserved="x"))

    organ = desk.party["agency-1"]
    proposal = Proposal(
        organ, StatutoryPurpose.LICENSING, None, "某条例", "第三条", [RecordCategory.ADMINISTRATIVE], None, None
    )
    mandate = await desk.write(lambda unit, at: mandating.propose(unit, proposal, by=one, at=at))
    async with _waits(desk, WaitingKind.MANDATE, mandate, "approver-2"):
        await desk.write(lambda unit, at: mandating.approve(unit, mandate, expected=1, by=two, at=at))


async def _act(desk: Desk) -> str:
    row = await desk.write(
        lambda unit, _: unit.first(text("SELECT id FROM party_act WHERE agreed_by IS NULL AND act <> 'FREEZE'"))
    )
    return str(row.id)


async def test_offers_refusals_and_shares(desk: Desk) -> None:
    town, one, two = desk.town, desk.staff["approver-1"], desk.staff["approver-2"]
    offer = await offering.drafted(town, "o")
    await offering.act(town, "partner-1", "submit", offer)
    hand = {"offer_id": offer, "version": 99, "act": "REVISE", "side": "MERCHANT", "staff_id": one, "number": 1}
    await desk.write(lambda unit, at: unit.run(offer_step.insert().values(**hand, at=at)))
    async with _waits(desk, WaitingKind.OFFER, offer, "approver-2"):
        await offering.act(town, "approver-2", "return", offer, reasons="请补充说明")

    case = await objecting.filed(town)
    await objecting.opened(town, case)
    assert "code" not in await objecting.decided(town, case, "NOT_CORRECTED")
    async with _waits(desk, WaitingKind.REFUSAL, case, "approver-1", "approver-2"):
        await desk.write(
            lambda unit, _: unit.run(text("UPDATE objection SET decided_by = :b WHERE id = :i"), {"b": one, "i": case})
        )
        assert await desk.sees(WaitingKind.REFUSAL, case) == {"approver-2"}
        assert "code" not in await objecting.act(town, "approver-2", "Return", case, reason="再核对")

    until: date = (datetime.now(UTC) + timedelta(days=90)).date()
    asked = {
        "need": "核验",
        "instrument": "某条例",
        "article": "第十条",
        "categories": ["ADMINISTRATIVE"],
        "kinds": ["NATURAL_PERSON"],
        "districts": ["129901"],
        "validUntil": until.isoformat(),
    }
    made = await town.act("agency-1", "shareRequest", {**asked, "idempotencyKey": "k"}, "share { id }")
    share = made["share"]["id"]
    assert await desk.sees(WaitingKind.SHARE, share) == {"approver-1", "approver-2"}
    await desk.write(lambda unit, at: shares.approve(unit, share, expected=1, by=one, at=at))
    async with _waits(desk, WaitingKind.SHARE, share, "approver-2"):
        await desk.write(lambda unit, at: shares.review(unit, share, expected=2, by=two, at=at))


async def test_what_security_closes(desk: Desk) -> None:
    one, officer = desk.staff["approver-1"], desk.staff["officer-1"]
    stretch = incidents.Stretch(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), one)
    said = Recorded(IncidentKind.MISUSE, "违规查询", stretch)
    made = await desk.write(lambda unit, at: incidents.record(unit, officer, said, at=at))
    told = {"state": "TOLD", "advice": "联系我们"}
    await desk.write(lambda unit, at: unit.run(incident.update().values(**told, told_at=at)))
    await desk.write(lambda unit, at: incidents.propose(unit, officer, made, "已停职", expected=1, at=at))
    async with _waits(desk, WaitingKind.INCIDENT, made, "approver-2"):
        two = desk.staff["approver-2"]
        await desk.write(lambda unit, at: incidents.close(unit, two, made, stands=False, expected=2, at=at))

    review = new_id("rvw")
    await desk.write(lambda unit, at: unit.run(look_review.insert().values(**_misuse(review, officer, one, at))))
    async with _waits(desk, WaitingKind.MISUSE, review, "approver-2"):
        given = {"reviewId": review, "expectedVersion": 1, "stands": True}
        assert "code" not in await desk.town.act("approver-2", "lookReviewConfirm", given, "replayed")


async def test_what_a_departments_supervisors_confirm(desk: Desk) -> None:
    one, two, department = desk.staff["supervisor-1"], desk.staff["supervisor-3"], desk.party["supervisor-1"]
    made = new_id("cmp")
    at = datetime.now(UTC)
    said = {"id": made, "number": "TS1", "party_id": department, "staff_id": one, "matter": "LOOKS", "opens": False}
    days = {"received_on": at.date(), "registered_at": at, "until": at + timedelta(days=3), "words": "", "looks": 0}
    await desk.write(lambda unit, _: unit.run(complaint.insert().values(**said, **days)))
    async with _waits(desk, WaitingKind.COMPLAINT, made, "supervisor-3"):
        confirmed = complaint.update().values(confirmed_by=two, confirmed_at=at)
        await desk.write(lambda unit, _: unit.run(confirmed))


def _misuse(id: str, taken_by: str, looker: str, at: datetime) -> dict[str, Any]:
    found = {"id": id, "number": "YC1", "key": id, "rule": "BURST", "basis": "COUNTER", "looker_id": looker}
    counted = {"day": at.date(), "seen": 9, "most": 3, "limits": 1, "count": 9, "looks": []}
    said = {"state": "DECIDED", "taken_by": taken_by, "taken_at": at, "outcome": "MISUSE", "reason": "无案件"}
    return {**found, **counted, **said, "opened_at": at, "decided_at": at, "version": 1}


async def test_what_an_organs_officers_decide(desk: Desk) -> None:
    town, one, two, organ = desk.town, desk.staff["agency-1"], desk.staff["agency-2"], desk.party["agency-1"]
    batch = (await organs.open_batch(town, organs.sheet(organs.row("citizen-1"))))["batch"]
    async with _waits(desk, WaitingKind.BATCH, batch["id"], "agency-2"):
        await organs.approve_batch(town, batch)

    code = WithholdingCode.HINDERS_LAWFUL_DUTY
    given = {"party_id": organ, "case_number": "海监1号", "by": one}
    order = await desk.write(
        lambda unit, at: withholding.order(unit, code, **given, until=at + timedelta(days=9), at=at)
    )
    async with _waits(desk, WaitingKind.WITHHOLDING, order, "agency-2"):
        agreed = {"party_id": organ, "expected": 1, "by": two}
        await desk.write(lambda unit, at: withholding.agree(unit, order, **agreed, at=at))

    model = new_id("imd")
    await desk.write(lambda unit, at: unit.run(_MODEL, _model(desk, model, at)))
    async with _waits(desk, WaitingKind.MODEL, model, "industry-2"):
        reviewer = {"party_id": desk.party["industry-2"], "by": desk.staff["industry-2"], "expected": 1}
        await desk.write(lambda unit, at: models.review(unit, model, (False, "请补充"), **reviewer, at=at))


_MODEL = metadata.tables["industry_model"].insert()


def _model(desk: Desk, id: str, at: datetime) -> dict[str, Any]:
    said = {"id": id, "party_id": desk.party["industry-1"], "code": "SM", "edition": 1, "content": "{}", "version": 1}
    by = {"drafted_by": desk.staff["industry-1"], "drafted_at": at, "submitted_at": at}
    return {**said, **by, "sha256": "0" * 64, "state": "IN_REVIEW"}


async def test_it_is_paged_by_when_it_is_due_in_three_statements(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An emergency of now stands before what has waited for days; however many kinds, it is one statement, and one
    each for whoever asked and for the organisations."""
    city, two = desk.party["approver-1"], desk.staff["approver-2"]
    days = [timedelta(days=ago) for ago in (2, 16, 4)]
    for n, ago in enumerate(days):
        leaving = Leaving("AGENCY_BATCH", f"bat_{n}", f"名单{n}", 120, "0" * 64, "某机关")
        await desk.write(lambda unit, at, a=ago, one=leaving: confidentiality.ask(unit, city, one, by=two, at=at - a))  # type: ignore[misc]
    hand = Hand(city, two, "审批人乙", True)
    await desk.write(lambda unit, at: glass.open_(unit, hand, glass.nobody(), "紧急", no_conflict=True, at=at))
    whole = [(node["kind"], node["what"]) for node in await desk.read("approver-1")]
    assert [kind for kind, _ in whole] == ["GLASS", "RELEASE", "RELEASE", "RELEASE"]
    assert [what for _, what in whole[1:]] == ["名单1", "名单2", "名单0"], "the longest waiting first"
    paged: list[tuple[str, str]] = []
    after = None
    while True:
        found = (await desk.town.data("approver-1", LIST, {"n": 1, "after": after}))["approvals"]["waiting"]
        paged += [(edge["node"]["kind"], edge["node"]["what"]) for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert paged == whole
    said: list[Any] = []
    all_ = ReadUnit.all

    async def counted(self: ReadUnit, statement: Any, values: Any = None) -> Any:
        said.append(statement)
        return await all_(self, statement, values)

    await desk.read("approver-1")
    monkeypatch.setattr(ReadUnit, "all", counted)
    await desk.read("approver-1")
    assert len(said) == 1 + 3, "who calls, and the list"


def test_each_table_that_two_people_must_agree_in_is_in_the_list() -> None:
    """A CHECK that says that one person is not the other marks an act of two: it has its kind, or a reason here."""
    listed = "\n".join(
        str(source(Second("s", "p", True, datetime.now(UTC))).compile(dialect=postgresql.dialect()))
        for _, source in ACTS.values()
    )
    two = {
        table.name
        for table in metadata.tables.values()
        for rule in _checks(table.constraints)
        if "<>" in rule and rule.count("_by") >= 2
    }
    assert len(two) >= 10
    assert {name for name in two if name not in listed} == set()


def _checks(constraints: Iterable[Any]) -> list[str]:
    return [str(one.sqltext) for one in constraints if isinstance(one, CheckConstraint)]


def test_nobody_has_in_their_list_what_their_post_does_not_decide() -> None:
    assert set(ACTS) == set(WaitingKind)
    assert may_decide(frozenset({Scope.GLASS_ANSWER})) == [WaitingKind.GLASS, WaitingKind.GLASS_REVIEW]
    assert may_decide(frozenset({Scope.SELF_READ, Scope.COUNTER_SERVE})) == []


@pytest.mark.parametrize("persona", ["citizen-1", "clerk-1", "partner-1", "provider-1", "kiosk-1"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_who_decides_nothing_has_no_list(town: Town, persona: str) -> None:
    answer = await town.ask(persona, LIST, {"n": 1})
    assert answer.get("data") is None
    assert answer.code in ("FORBIDDEN", "NOT_AVAILABLE")
