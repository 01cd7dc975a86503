"""How many stand where, over the API: published once, the city's alone, and audited."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import orjson
import pytest

from api.commands.figures import Told, audit
from core.moments import start_of
from core.months import Month
from credit.tables import score, subject
from incentives.figures import LEAST, UNIT
from oversight.supervision.publishing import PeopleKind, PeoplePublisher
from oversight.supervision.tables import people_figures
from tests.harness.callers import Town

_PEOPLE = """query($k: PeopleKind!, $m: String!) { oversight { people(kind: $k, month: $m) { kind month publishedAt
  atLeast roundedTo rows { row count cells { column count } } } } }"""


async def _publish(town: Town, *, at: datetime | None = None, lot: int = 1) -> None:
    publisher = PeoplePublisher(town.house.database, demonstration=True, lot=Random(lot))
    await publisher.run_once(at or datetime.now(UTC))


async def _people(town: Town, kind: PeopleKind, persona: str = "supervisor-1", *, at: datetime | None = None) -> Any:
    month = Month.ended(at=at or datetime.now(UTC)).text
    return (await town.data(persona, _PEOPLE, {"k": kind.value, "m": month}))["oversight"]["people"]


async def _opened(town: Town, tiers: Mapping[int, int]) -> None:
    """So many more people have an open score of each tier."""
    now = datetime.now(UTC)
    nobody = {"identity_type": "RESIDENT_ID", "identity_sealed": b"x", "name_hash": "x", "name_sealed": b"x"}
    opened = {"version": 1, "status": "OPEN", "value": 1, "marks": [], "notice_hash": "x", "opened_at": now}
    async with town.house.database.writing() as unit:
        for tier, many in tiers.items():
            for number in range(many):
                id_ = f"sub_{tier}_{number}"
                row = {"id": id_, "kind": "NATURAL_PERSON", "identity_hash": id_, "created_at": now}
                await unit.run(subject.insert().values(**row, **nobody))
                await unit.run(score.insert().values(subject_id=id_, tier=tier, **opened))


async def test_a_month_is_published_once_and_reads_the_same_for_ever(town: Town) -> None:
    assert await _people(town, PeopleKind.SCORE_TIERS) is None
    await _opened(town, {2: 40, 3: 60, 4: 25})
    await _publish(town)
    first = [await _people(town, kind) for kind in PeopleKind]
    assert all(one["atLeast"] == LEAST and one["roundedTo"] == UNIT for one in first)
    assert [row["row"] for row in first[0]["rows"]] == ["1", "2", "3", "4", "5", None]
    assert [cell["column"] for cell in first[0]["rows"][0]["cells"]][-1] == "UNSTATED"
    assert any(row["count"] is not None for row in first[0]["rows"])
    assert any(cell["count"] is None for row in first[0]["rows"] for cell in row["cells"])
    for row in first[0]["rows"]:
        for said in (row["count"], *(cell["count"] for cell in row["cells"])):
            assert said is None or (said % UNIT == 0 and said >= LEAST - UNIT)
    async with town.house.database.writing() as unit:
        await unit.run(score.update().where(score.c.tier.is_not(None)).values(tier=5))
    await _publish(town, lot=2)
    assert [await _people(town, kind) for kind in PeopleKind] == first
    assert await _people(town, PeopleKind.SCORE_TIERS, "supervisor-2") is None


async def test_the_next_month_is_made_after_the_one_before_and_the_audit_passes(town: Town) -> None:
    now = datetime.now(UTC)
    for months in range(3):
        await _publish(town, at=now + timedelta(days=31 * months), lot=months)
    assert await town.count("SELECT count(*) FROM people_figures") == 3 * len(PeopleKind)
    await audit(town.house.settings)


async def test_the_audit_finds_a_planted_leak(town: Town) -> None:
    await _publish(town)
    # One row of two: what is withheld of it is what the total leaves, and that is next to nobody.
    leak = [["1", "a", None], ["1", "b", 40], ["1", None, 40], [None, "a", None], [None, "b", 40], [None, None, 40]]
    at = start_of(date(2020, 1, 1))
    planted = {"kind": "SCORE_TIERS", "month": "2020-01", "content": orjson.dumps(leak).decode(), "published_at": at}
    async with town.house.database.writing() as unit:
        await unit.run(people_figures.insert().values(planted))
    with pytest.raises(Told, match="SCORE_TIERS 2020-01: 1 a"):
        await audit(town.house.settings)
