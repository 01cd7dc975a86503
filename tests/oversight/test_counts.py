"""Counts of work are those of a straightforward recount, whatever was entered; a district's hang on nobody else's."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.house import House
from audit.tables import access, log_leaf
from core.errors import Invalid
from core.moments import day_of, start_of
from core.months import Span
from core.rehearsing import Rehearsal
from grants.tables import grant, grant_step
from incentives.tables import claim, offer, redemption, reversal
from intake.tables import intake_batch, nothing_sent, provider_terms
from objections.tables import clock_stop, objection
from oversight.duty.tables import channel_hour
from oversight.sharing.tables import share
from oversight.supervision import periods
from oversight.supervision.areas import CITY, Area
from oversight.supervision.counting import Counted
from oversight.supervision.periods import Period
from tests.harness import counting, sealing
from tests.harness.callers import Town
from tests.harness.counting import DISTRICTS, YEAR, Work
from tests.harness.scale import FULL, scaled

_AT = datetime(2026, 11, 27, 8, tzinfo=UTC)
_AREAS = (CITY, *(Area(code, name) for code, name in DISTRICTS.items()))
_PERIODS = [
    periods.of(YEAR, at=_AT),
    *(periods.of(YEAR, quarter=number, at=_AT) for number in range(1, 5)),
    *(periods.of(YEAR, month=number, at=_AT) for number in range(1, 13)),
]
_CALM = settings(
    deadline=None,
    derandomize=not FULL,
    max_examples=scaled(6, 300),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


# ------------------------------------------------------------------------------------------------------- recounting
def _in(span: Span, at: datetime | None) -> bool:
    return at is not None and span.begins <= at < span.ends


def _objections(work: Work, area: Area, span: Span) -> dict[str, Any]:
    here = [
        row
        for row in work.of(objection)
        if area.is_city or (row["district"] == area.code and row["addressee"] == "CREDIT_INSTITUTION")
    ]
    answered = [row for row in here if row["status"] == "CLOSED" and _in(span, row["ended_at"])]
    waiting = [
        row for row in here if row["filed_at"] < span.ends and (row["ended_at"] is None or row["ended_at"] >= span.ends)
    ]
    late = [row for row in answered if not row["held"] and row["due_at"] <= row["notified_at"]]
    late += [row for row in waiting if not row["held"] and row["due_at"] <= span.ends]
    days = [Decimal((day_of(row["notified_at"]) - day_of(row["filed_at"])).days) for row in answered]
    ids = {row["id"] for row in here}
    return {
        "filed": sum(_in(span, row["filed_at"]) for row in here),
        "answered": len(answered),
        "withdrawn": sum(row["status"] == "WITHDRAWN" and _in(span, row["ended_at"]) for row in here),
        "open": len(waiting),
        "late": len(late),
        "upheld": sum(row["outcome"] not in ("NOT_CORRECTED", "EXPLAINED") for row in answered),
        "median_days": median(days) if days else None,
        "stops": Counter(
            row["cause"] for row in work.of(clock_stop) if row["objection_id"] in ids and _in(span, row["opened_at"])
        ),
    }


def _looks(work: Work, area: Area, span: Span) -> Counter[tuple[str, str, bool]]:
    institution = f"pty_STAT_x{area.code}"
    return Counter(
        (row["basis"], row["purpose"], row["refused"] is not None)
        for row in work.of(access)
        if _in(span, row["at"]) and (area.is_city or row["actor_party_id"] == institution)
    )


def _grants(work: Work, span: Span) -> dict[str, Counter[str]]:
    purposes = {row["id"]: row["purpose"] for row in work.of(grant)}
    found: dict[str, Counter[str]] = {}
    for row in work.of(grant_step):
        if _in(span, row["at"]):
            counter = found.setdefault(purposes[row["grant_id"]], Counter())
            counter["asked"] += row["act"] == "REQUEST"
            counter["given"] += row["act"] in ("ISSUE", "APPROVE") and row["led_to"] == "ACTIVE"
            counter["rejected"] += row["led_to"] == "REJECTED"
            counter["revoked"] += row["led_to"] == "REVOKED"
            counter["relinquished"] += row["act"] == "RELINQUISH"
    return found


def _providers(work: Work, area: Area, period: Period) -> dict[str, tuple[int, ...]]:
    found = {}
    for terms in work.of(provider_terms):
        id_ = terms["party_id"]
        if terms["entered_at"] >= period.months[-1].ends or not (area.is_city or terms["districts"] == [area.code]):
            continue
        sums = [0] * 6
        for month in period.months:
            due = terms["kinds"] if terms["entered_at"] < month.ends else []
            sent = [r for r in work.of(intake_batch) if r["provider_id"] == id_ and _in(month.span, r["loaded_at"])]
            reported = {row["layout"] for row in sent if _taken(row)} | {
                row["layout"]
                for row in work.of(nothing_sent)
                if row["provider_id"] == id_ and row["month"] == month.text
            }
            rows, late = sum(map(_taken, sent)), sum(row["late"] for row in sent)
            lost = sum(row["rejected"] + row["set_aside"] for row in sent)
            one = (len(reported & set(due)), len(due), rows, rows + lost, rows - late, rows)
            sums = [a + b for a, b in zip(sums, one, strict=True)]
        found[id_] = tuple(sums)
    return found


def _taken(row: Mapping[str, Any]) -> int:
    return int(row["added"] + row["changed"] + row["unchanged"] + row["dropped"])


def _offers(work: Work, area: Area, span: Span) -> Counter[tuple[str, str]]:
    offers = {row["id"]: row for row in work.of(offer)}
    claims = {row["id"]: offers[row["offer_id"]] for row in work.of(claim)}
    here = f"pty_PART_x{area.code}"
    found = Counter(
        (row["sector"], "published")
        for row in offers.values()
        if row["standing"] and _in(span, row["published_at"]) and (area.is_city or row["party_id"] == here)
    )
    undone = {row["redemption_id"]: row["reversed_at"] for row in work.of(reversal)}
    for row in work.of(redemption):
        if area.is_city or row["party_id"] == here:
            sector = claims[row["claim_id"]]["sector"]
            found[sector, "redeemed"] += _in(span, row["redeemed_at"])
            found[sector, "undone"] += _in(span, undone.get(row["id"]))
    return +found


def _shares(work: Work, area: Area, span: Span) -> dict[str, int]:
    """Instant by instant: one that nobody ended is over when the day after its last one begins."""
    found = Counter[str]()
    for row in work.of(share):
        if not area.is_city and row["districts"] != [area.code]:
            continue
        over = row["ended_at"] or start_of(row["valid_until"] + timedelta(days=1))
        begun = row["reviewed_at"]
        found["asked"] += _in(span, row["asked_at"])
        found["refused"] += row["state"] == "REFUSED" and _in(span, over)
        if begun is not None:
            found["begun"] += _in(span, begun)
            found["ended"] += _in(span, over)
            found["in_force"] += begun < span.ends <= over
    return {name: found[name] for name in ("asked", "begun", "refused", "ended", "in_force")}


def _tally(lines: Iterable[Any], key: str, names: Iterable[str]) -> dict[Any, Counter[str]]:
    return {getattr(one, key).value: Counter({name: getattr(one, name) for name in names}) for one in lines}


@given(st.randoms(use_true_random=False), st.data())
@_CALM
async def test_every_count_is_that_of_a_straightforward_recount(
    house: House, chance: Random, data: st.DataObject
) -> None:
    work = counting.drawn(chance)
    some = data.draw(
        st.lists(st.sampled_from(_PERIODS), min_size=2, max_size=scaled(3, 17), unique_by=lambda p: p.text)
    )
    async with Rehearsal(house.database).writing() as unit:
        await work.enter(unit)
        for period in some:
            for area in _AREAS:
                counted, span = Counted(area, period), period.span
                cases = await counted.objections(unit)
                expected = _objections(work, area, span)
                assert {c.value: n for c, n in cases.stops.items()} == dict(expected.pop("stops"))
                assert {name: getattr(cases, name) for name in expected} == expected
                looks = await counted.looks(unit)
                tallied = Counter({(one.basis.value, one.purpose, False): one.answered for one in looks})
                tallied += Counter({(one.basis.value, one.purpose, True): one.refused for one in looks})
                assert tallied == _looks(work, area, span)
                grants = await counted.grants(unit)
                if area.is_city:
                    assert grants is not None
                    names = ("asked", "given", "rejected", "revoked", "relinquished")
                    assert _tally(grants, "purpose", names) == _grants(work, span)
                else:
                    assert grants is None
                assert {
                    one.provider_id: tuple(
                        number
                        for share in (one.reporting, one.compliance, one.timeliness)
                        for number in (share.count, share.of)
                    )
                    for one in await counted.providers(unit)
                } == _providers(work, area, period)
                assert asdict(await counted.shares(unit)) == _shares(work, area, span)
                offers = Counter(
                    {
                        (one.sector.value, name): getattr(one, name)
                        for one in await counted.offers(unit)
                        for name in ("published", "redeemed", "undone")
                    }
                )
                assert +offers == _offers(work, area, span)


# By (reviewed, last day, ended by somebody): whether it ended in May, and whether it is in force at May's end.
_MAY, _JUNE = start_of(date(YEAR, 5, 1)), start_of(date(YEAR, 6, 1))
_INSTANT = timedelta(microseconds=1)
_EDGES = [
    (_MAY, date(YEAR, 5, 31), None, 0, 1),
    (_MAY, date(YEAR, 5, 30), None, 1, 0),
    (_MAY - _INSTANT, date(YEAR, 4, 30), None, 1, 0),
    (_MAY - _INSTANT, date(YEAR, 4, 29), None, 0, 0),
    (_JUNE - _INSTANT, date(YEAR, 6, 9), None, 0, 1),
    (_JUNE, date(YEAR, 6, 9), None, 0, 0),
    (_MAY, date(YEAR, 6, 9), _JUNE, 0, 1),
    (_MAY, date(YEAR, 6, 9), _JUNE - _INSTANT, 1, 0),
    (_MAY - _INSTANT, date(YEAR, 6, 9), _MAY, 1, 0),
    (_MAY - _INSTANT, date(YEAR, 6, 9), _MAY - _INSTANT, 0, 0),
]


@pytest.mark.parametrize(("reviewed", "until", "ended", "over", "in_force"), _EDGES)
async def test_a_share_is_over_at_an_instant(
    house: House, reviewed: datetime, until: date, ended: datetime | None, over: int, in_force: int
) -> None:
    work = counting.Work()
    work.add(
        share, **counting.shared("edge", asked=_MAY - timedelta(days=9), until=until, reviewed=reviewed, ended=ended)
    )
    async with Rehearsal(house.database).writing() as unit:
        await work.enter(unit)
        found = await Counted(CITY, periods.of(YEAR, month=5, at=_AT)).shares(unit)
    assert (found.ended, found.in_force) == (over, in_force)


# ------------------------------------------------------------------------------------------------------------ twins
_FIGURES = """query($p: PeriodInput!) { oversight { area { code name } log { sealed sealedAt waiting gaps }
  figures(period: $p) { period from to soFar
    objections { filed answered withdrawn open late upheld medianDays stops { cause count } }
    looks { basis purpose answered refused } grants { purpose asked given rejected revoked relinquished }
    providers { providerId name reporting { count of rate } compliance { count of rate } timeliness { count of rate } }
    offers { sector published redeemed undone } shares { asked begun refused ended inForce }
    channels { channel answered faults } } } }"""


async def _bytes(town: Town, persona: str) -> list[bytes]:
    asked: list[dict[str, int]] = [{"year": YEAR}, {"year": YEAR, "quarter": 2}, {"year": YEAR, "month": 5}]
    return [(await town.ask(persona, _FIGURES, {"p": period})).response.content for period in asked]


async def test_twin_cities_that_differ_in_another_district_answer_with_the_same_bytes(town: Town) -> None:
    async with town.house.database.writing() as unit:
        await counting.drawn(Random(1), districts=[None, "129901"]).enter(unit)
    district, city = await _bytes(town, "supervisor-2"), await _bytes(town, "supervisor-1")
    assert all(b'"errors"' not in one for one in district + city)
    async with town.house.database.writing() as unit:
        await counting.drawn(Random(2), mark="y", districts=["129902"], most=40).enter(unit)
    assert await _bytes(town, "supervisor-2") == district
    assert all(one != before for one, before in zip(await _bytes(town, "supervisor-1"), city, strict=True))


_CHANNELS = "channel answered faults"


async def test_channels_are_the_citys_alone_and_summed_over_the_period(town: Town) -> None:
    at = datetime(YEAR, 5, 31, 15, tzinfo=UTC)  # the city's last hour of May
    async with town.house.database.writing() as unit:
        for hour, answered in ((at, 7), (at + timedelta(hours=1), 100), (at - timedelta(days=3), 5)):
            row = {"hour": hour, "channel": "APP", "answered": answered, "failed": 1}
            await unit.run(channel_hour.insert().values(row))
        await unit.run(channel_hour.insert().values(hour=at, channel="NONE", answered=2, failed=0))
    asked = f"{{ oversight {{ figures(period: {{year: {YEAR}, month: 5}}) {{ channels {{ {_CHANNELS} }} }} }} }}"
    assert (await town.data("supervisor-1", asked))["oversight"]["figures"]["channels"] == [
        {"channel": "APP", "answered": 12, "faults": 2},
        {"channel": None, "answered": 2, "faults": 0},
    ]
    assert (await town.data("supervisor-2", asked))["oversight"]["figures"]["channels"] is None


# ---------------------------------------------------------------------------------------------------------- periods
@pytest.mark.parametrize(
    ("text", "first", "so_far"),
    [
        ("2026-10", "2026-10-01", False),
        ("2026-11", "2026-11-01", True),
        ("2026-Q3", "2026-07-01", False),
        ("2025", "2025-01-01", False),
    ],
)
def test_a_period_is_a_whole_month_quarter_or_year_or_this_month_so_far(text: str, first: str, so_far: bool) -> None:
    found = periods.read(text, at=_AT)
    assert (found.text, found.first.isoformat(), found.so_far) == (text, first, so_far)
    assert found.span.ends == (_AT if so_far else found.months[-1].ends)


@pytest.mark.parametrize("text", ["2026", "2026-Q4", "2026-12", "2027-01", "2026-13", "2026-Q5", "1999", "2026-1", ""])
def test_there_is_no_other_window(text: str) -> None:
    with pytest.raises(Invalid):
        periods.read(text, at=_AT)


async def test_a_period_that_goes_on_is_refused_and_counts_nothing(town: Town) -> None:
    for period in ({"year": 2199}, {"year": 2020, "quarter": 1, "month": 1}, {"year": 2020, "month": 0}):
        answer = await town.ask("supervisor-1", _FIGURES, {"p": period})
        assert answer.code == "INVALID_INPUT", period
        assert answer["data"] is None


async def test_the_log_is_whole_and_a_hole_in_it_shows(town: Town) -> None:
    log = "{ oversight { log { sealed waiting gaps } } }"
    await sealing.seal(town.house)
    found = (await town.data("supervisor-1", log))["oversight"]["log"]
    assert found["sealed"] > 0
    assert found["gaps"] == 0
    assert (await town.data("supervisor-2", log))["oversight"]["log"] is None
    async with town.house.database.writing() as unit:
        await unit.run(log_leaf.delete().where(log_leaf.c.position == found["sealed"]))
    assert (await town.data("supervisor-1", log))["oversight"]["log"]["gaps"] == 1
