"""How the channels fared (Art. 13): counted in each process, written down in between, and never counted twice."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from api.house import House
from api.measuring import Measured
from core.errors import DependencyDown, Invalid
from core.moments import day_of
from core.principal import ANONYMOUS, Channel, Principal
from oversight.duty import availability
from oversight.duty.availability import Fared, Tally
from schema.errors import Answer
from tests.harness.callers import Town

_AT = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
_DAY = date(2026, 11, 26)
_APP = Principal("i", "n", "c", channel=Channel.APP)


async def _ready() -> tuple[int, str]:
    return 200, "ready"


async def _days(house: House, first: date = _DAY, last: date = _DAY) -> Any:
    async with house.database.reading() as unit:
        return await availability.by_day(unit, first, last)


async def test_two_processes_add_up_and_a_day_is_the_citys(house: House) -> None:
    here, there = Measured(house.database, _ready), Measured(house.database, _ready)
    for measured in (here, there):
        for status in (200, 200, 403, 500, 503):
            measured.operation(_APP, Answer(status, {}), _AT)
        measured.operation(ANONYMOUS, Answer(200, {}), _AT)
        await measured.write(_AT)
        await measured.write(_AT)
    # 16:30 of a day is 00:30 of the city's next.
    here.operation(_APP, Answer(200, {}), _AT.replace(hour=16))
    await here.write(_AT)
    found = (await _days(house))[0]
    assert dict(found.channels) == {"APP": Fared(6, 4), "NONE": Fared(2, 0)}, "a refusal is an answer"
    assert (found.hours, found.asked) == (0, 0), "nobody asked, and that is said"
    both = await _days(house, last=_DAY + timedelta(days=1))
    assert [dict(one.channels).get("APP") for one in both] == [Fared(6, 4), Fared(1, 0)]


async def test_what_cannot_be_written_down_is_counted_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = Measured(house.database, _ready)
    measured.operation(_APP, Answer(200, {}), _AT)

    async def fails(_self: Tally, _unit: Any) -> None:
        raise DependencyDown("database")

    with monkeypatch.context() as broken:
        broken.setattr(Tally, "flush", fails)
        with pytest.raises(DependencyDown):
            await measured.write(_AT)
    measured.operation(_APP, Answer(200, {}), _AT)
    await measured.write(_AT)
    assert dict((await _days(house))[0].channels) == {"APP": Fared(2, 0)}


async def test_the_duty_asks_whether_the_process_could_serve(house: House) -> None:
    states = [(200, "ready"), (503, "database_down")]

    async def state() -> tuple[int, str]:
        return states.pop(0)

    duty = Measured(house.database, state).duty()
    assert await duty.run_once(_AT) > 0
    assert (await _days(house))[0].hours == 0, "the first time it only begins"
    await duty.run_once(_AT)
    await duty.run_once(_AT + timedelta(minutes=1))
    found = (await _days(house))[0]
    assert (found.hours, found.asked, found.unready) == (1, 2, 1)


async def test_an_old_day_is_forgotten(house: House) -> None:
    measured = Measured(house.database, _ready)
    measured.operation(_APP, Answer(200, {}), _AT)
    await measured.write(_AT)
    measured.operation(_APP, Answer(200, {}), _AT)
    await measured.write(_AT + availability.KEPT + timedelta(days=1))
    measured.operation(_APP, Answer(200, {}), _AT + timedelta(days=1))
    await measured.write(_AT + availability.KEPT + timedelta(days=1))
    both = await _days(house, last=_DAY + timedelta(days=1))
    assert [dict(one.channels) for one in both] == [{}, {"APP": Fared(1, 0)}]


async def test_days_have_an_end(house: House) -> None:
    for last in (_DAY - timedelta(days=1), _DAY + timedelta(days=availability.MOST_DAYS)):
        with pytest.raises(Invalid):
            await _days(house, last=last)


async def test_operations_are_counted_by_their_channel_and_shown_to_the_institution(town: Town) -> None:
    await town.data("citizen-1", "{ me { name } }")
    await town.ask("citizen-1", "{ nonsense }")
    await town.data(None, "{ offers { edges { node { id } } } }")
    at = datetime.now(UTC)
    await town.app.state.channels.write(at)
    document = "{ approvals { channels { day measuredHours asked unready channels { channel answered faults } } } }"
    for persona in ("approver-1", "officer-1"):
        days = (await town.data(persona, document))["approvals"]["channels"]
        assert (len(days), days[-1]["day"]) == (7, day_of(at).isoformat())
        assert {"channel": "APP", "answered": 2, "faults": 0} in days[-1]["channels"]
        assert {"channel": None, "answered": 1, "faults": 0} in days[-1]["channels"]
    for persona in ("handler-1", "clerk-1", "partner-1"):
        assert (await town.ask(persona, document)).code == "FORBIDDEN"
    refused = await town.ask("approver-1", '{ approvals { channels(from: "2020-01-01") { day } } }')
    assert refused.code == "INVALID_INPUT"
