"""What the city's supervisors did (Art. 4): an order, a sample that waits for its lot, a complaint that is looked into;
and a district's institution, staffed as the city's approver and security officer would.

By the functions that make anybody's.
"""

from datetime import datetime, timedelta

from api import personas
from api.settings import DEMONSTRATION_ISSUER
from core.database import Database, WriteUnit
from core.moments import day_of
from core.months import Month
from core.principal import Principal
from oversight.supervision import complaints, orders, samples
from oversight.supervision.areas import CITY, Inspector
from oversight.supervision.complaints import ComplaintMatter, Heard, Whose
from oversight.supervision.orders import Draft, Side
from oversight.supervision.samples import SampledWork, Wanted
from parties import admission, callers, hiring, links
from parties.callers import Caller
from parties.hiring import Giver, Vacancy
from parties.kinds import PartyKind, Post

_CONTACT = "022-12990100"
# 滨河区.
_DISTRICT, _INSTITUTION = "129901", "滨河区公共信用管理中心"
_LOOKED_AT = timedelta(days=30)


async def tell(database: Database, *, at: datetime) -> None:
    """Let all of it have happened by this instant, in a city that was built then."""
    async with database.writing() as unit:
        approver, officer = await _caller(unit, "approver-1", at), await _caller(unit, "officer-1", at)
        city, second = await _caller(unit, "supervisor-1", at), await _caller(unit, "supervisor-3", at)
        await _district(unit, approver, officer, at)
        await _order(unit, city, _party(approver), at)
        by = Inspector(_party(city), _staff(city), CITY)
        month = Month.ended(at=at)
        await samples.request(unit, by, Wanted(SampledWork.CASE, month, 5, "季度例行抽查"), at=at)
        await _complaint(unit, by, Inspector(_party(second), _staff(second), CITY), at)


async def _district(unit: WriteUnit, approver: Caller, officer: Caller, at: datetime) -> None:
    """Its first approver from the city's; the other posts from them. Nobody of the story signs in as one of them."""
    party_id = await admission.register(
        unit,
        code="BHXY",
        name=_INSTITUTION,
        kind=PartyKind.STATE_ORGAN,
        contact=_CONTACT,
        institution=True,
        district=_DISTRICT,
        at=at,
    )
    giver = Giver(_party(approver), Post.APPROVER, institution=True)
    vacancy = Vacancy("滨河区审批人", Post.APPROVER)
    first = await hiring.give(unit, giver, party_id, vacancy, by=_staff(approver), at=at)
    await _link(unit, first, "bh-approver-1", officer)
    theirs = Giver(party_id, Post.APPROVER, institution=False)
    for label, post, name in (
        ("滨河区异议处理员", Post.HANDLER, "bh-handler-1"),
        ("滨河区服务窗口", Post.CLERK, "bh-clerk-1"),
        ("滨河区审批人乙", Post.APPROVER, "bh-approver-2"),
    ):
        held = await hiring.give(unit, theirs, party_id, Vacancy(label, post), by=first, at=at)
        await _link(unit, held, name, officer)


async def _link(unit: WriteUnit, staff_id: str, name: str, officer: Caller) -> None:
    by = _staff(officer)
    await links.link_staff(unit, issuer=DEMONSTRATION_ISSUER, name=name, staff_id=staff_id, by=by, reserved="")


async def _order(unit: WriteUnit, city: Caller, institution_id: str, at: datetime) -> None:
    draft = Draft(institution_id, "抽查发现个别异议答复没有写明依据，请逐件复核并改正。", ["CY000000000001"], 10)
    await orders.issue(unit, Side(_party(city), _staff(city), CITY), draft, at=at)


async def _complaint(unit: WriteUnit, by: Inspector, second: Inspector, at: datetime) -> None:
    """Somebody asks who looked at them in the month before."""
    person = (await _caller(unit, "citizen-9", at)).subject_id
    today = day_of(at)
    heard = Heard(
        ComplaintMatter.LOOKS,
        "近一个月有人查询我的信息，我不知情，请核查。",
        today,
        since=day_of(at - _LOOKED_AT),
        until=today,
    )
    made = await complaints.register(unit, by, heard, Whose(person, opens=True), at=at)
    await complaints.confirm(unit, second, made, person, at=at)


async def _caller(unit: WriteUnit, persona: str, at: datetime) -> Caller:
    """Who a persona is."""
    party_id = await personas.party_of(unit, persona)
    principal = Principal(DEMONSTRATION_ISSUER, persona, "", organisation=party_id)
    return await callers.identify(unit, principal, at=at)


def _party(caller: Caller) -> str:
    assert caller.party_id is not None  # staff have an employer
    return caller.party_id


def _staff(caller: Caller) -> str:
    assert caller.staff_id is not None
    return caller.staff_id
