"""One share that two people agreed to, before what happens in the city's cases: its organ finds changes in it."""

from datetime import datetime, timedelta

from api import personas
from api.settings import DEMONSTRATION_ISSUER
from core.database import Database, WriteUnit
from core.moments import day_of
from core.principal import Principal
from credit.kinds import SubjectKind
from grants.batches import Officer
from grants.scope import RecordCategory
from oversight.sharing import shares
from oversight.sharing.scopes import Wanted
from parties import callers
from parties.callers import Caller

_ASKED, _APPROVED, _REVIEWED = timedelta(days=9), timedelta(days=8), timedelta(days=7)
_LASTS = timedelta(days=180)


async def agree(database: Database, *, at: datetime) -> None:
    """Let it have been asked for, approved and reviewed in a city that was built at this instant."""
    # What commands load at their start is none of the API's schema, which takes seconds.
    from schema import releases

    wanted = Wanted(
        need="核验行政许可申请单位登记和行政处罚的变化，不再要求申请人重复提交证明",
        instrument="《海津市行政许可信用审查办法（示例）》（海津政规〔2025〕3号）",
        article="第十四条",
        categories=[RecordCategory.REGISTRATION, RecordCategory.ADMINISTRATIVE],
        kinds=[SubjectKind.LEGAL_PERSON, SubjectKind.UNINCORPORATED, SubjectKind.INDIVIDUAL_BUSINESS],
        districts=[],
        whole_city=True,
        valid_until=day_of(at) + _LASTS,
    )
    async with database.writing() as unit:
        asker = await _caller(unit, "agency-1", at)
        by = Officer(asker.party_id or "", asker.staff_id or "", asker.staff_label or "", "WEB", "haihe-desk")
        made = await shares.request(unit, by, wanted, at=at - _ASKED)
        first, second = [(await _caller(unit, one, at)).staff_id or "" for one in ("approver-1", "approver-2")]
        await shares.approve(unit, made, expected=1, by=first, at=at - _APPROVED)
        await shares.review(unit, made, expected=2, by=second, at=at - _REVIEWED)
        await releases.let_share(unit, await shares.find(unit, made), at=at - _REVIEWED)


async def _caller(unit: WriteUnit, persona: str, at: datetime) -> Caller:
    organisation = await personas.party_of(unit, persona)
    principal = Principal(DEMONSTRATION_ISSUER, persona, "", organisation=organisation)
    return await callers.identify(unit, principal, at=at)
