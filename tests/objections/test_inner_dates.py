"""A provider's own day: by its terms, kept with the question, and moved by stops and notices as the case's own is."""

from datetime import date

import pytest

from intake import providers
from intake.errors import TermsRefused
from objections import forwarding
from objections.forwarding import Question
from objections.kinds import StopCause
from objections.moving import Read
from objections.tables import verification
from tests.harness import clocks, contesting, objecting
from tests.harness.callers import Town
from tests.harness.clocks import at
from tests.harness.objecting import filed, forwarded, opened
from tests.harness.provider_files import AT

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_MONDAY, _TUESDAY = at("2026-11-23T10:00"), at("2026-11-24T10:00")
_HEAD = ",".join((*providers.COLUMNS, providers.ANSWERS))
_LINE = "SCJG,国家机关,行政处罚,全市,张三,1"
_TERMS = "{ provider { terms { answerWorkdays } } }"


async def _due(town: Town, case_id: str) -> date:
    async with town.house.database.reading() as unit:
        row = await unit.first(verification.select().where(verification.c.objection_id == case_id))
    assert row is not None
    return row.due_on  # type: ignore[no-any-return]


async def _load(town: Town, text: str) -> tuple[int, int, int]:
    async with town.house.database.writing() as unit:
        loaded = await providers.load(unit, providers.read(text.encode()), at=AT)
    return loaded.added, loaded.changed, loaded.unchanged


async def test_a_providers_own_day_is_by_its_terms_and_moves_with_the_case(town: Town) -> None:
    days: dict[int, date] = {}
    record_id = await contesting.record_of(town, "citizen-2")
    for workdays in (5, 7):
        said = {"persona": "citizen-9"} if workdays == 5 else {"persona": "citizen-2", "target_id": record_id}
        case_id = await clocks.opened(town, _MONDAY, **said)
        row = await objecting.row(town, case_id)
        asked = Question("请核对", provider_id=row.provider_id, workdays=workdays)
        async with town.house.database.writing() as unit:
            await forwarding.forward(unit, await clocks.officer(town), Read(case_id, row.version), asked, at=_TUESDAY)
        days[workdays] = await _due(town, case_id)
    assert days == {5: date(2026, 11, 30), 7: date(2026, 12, 2)}
    stop = await clocks.stopped(town, case_id, StopCause.TESTING, date(2026, 11, 25), at("2026-11-25T09:00"))
    await clocks.goes_on(town, case_id, stop, date(2026, 11, 26), at("2026-11-26T09:00"))
    assert await _due(town, case_id) == date(2026, 12, 4), "two days did not count"
    assert (await objecting.row(town, case_id)).due_on == date(2026, 12, 9)


async def test_terms_say_the_day_and_its_provider_reads_it(town: Town) -> None:
    assert (await town.data("provider-1", _TERMS))["provider"]["terms"]["answerWorkdays"] == 7
    head, plain = f"{_HEAD}\n", f"{','.join(providers.COLUMNS)}\n"
    assert await _load(town, f"{head}{_LINE},4\n") == (0, 1, 0)
    assert await _load(town, f"{head}{_LINE},4\n") == (0, 0, 1)
    assert (await town.data("provider-1", _TERMS))["provider"]["terms"]["answerWorkdays"] == 4
    for bad in ("0", "10", "-1", "1.5", "四", "７", " 4x"):
        with pytest.raises(TermsRefused, match="核查期限"):
            await _load(town, f"{head}{_LINE},{bad}\n")
    for wrong in (f"{plain}{_LINE},4\n", f"{head}{_LINE}\n"):
        with pytest.raises(TermsRefused, match="列数"):
            await _load(town, wrong)
    case_id = await filed(town, "citizen-9")
    await objecting.work_for(town, (await objecting.row(town, case_id)).provider_id)
    provider_id = await objecting.provider(town)
    own = "SELECT code AS code FROM party WHERE id = :i"
    async with town.house.database.reading() as unit:
        from sqlalchemy import text

        party = await unit.first(text(own), {"i": provider_id})
    assert party is not None
    await opened(town, case_id)
    assert (await forwarded(town, case_id))["case"]["status"] == "FORWARDED"
    wanted = "SELECT workdays FROM verification WHERE objection_id = :i"
    assert await town.count(wanted, i=case_id) == (4 if party.code == "SCJG" else 7)
    assert await _load(town, f"{plain}{_LINE}\n") == (0, 1, 0)
    assert (await town.data("provider-1", _TERMS))["provider"]["terms"]["answerWorkdays"] == 7
