"""Filing, correcting, withdrawing and taking back at once: one case, no word lost, and a mark exactly while one is
open."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import NotAvailable
from credit import withdrawing
from credit.kinds import WithdrawalCause
from credit.tables import record
from objections.tables import objection
from tests.harness import contesting
from tests.harness.callers import Town
from tests.harness.contesting import PERSON, file, marks_of, mine, record_of
from tests.harness.scale import scaled
from tests.objections.test_filing import withdraw

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


async def test_filings_of_one_record_at_once_are_one_case_with_every_text(town: Town) -> None:
    many = scaled(8, 64)
    record_id = await record_of(town)
    papers = [await contesting.upload(town, PERSON) for _ in range(4)]
    made = await asyncio.gather(
        *(file(town, key=f"r{n}", text=f"第{n}份", evidenceIds=papers[n : n + 1]) for n in range(many))
    )
    assert sorted(one["joined"] for one in made) == [False] + [True] * (many - 1)
    (case,) = await mine(town)
    said = {case["text"], *(one["text"] for one in case["messages"])}
    assert said == {f"第{n}份" for n in range(many)}
    assert {one["id"] for one in case["evidence"]} == set(papers)
    assert await marks_of(town, record_id) == [case["filedAt"]]
    assert case["version"] == many


async def test_a_record_withdrawn_while_it_is_contested_is_contested_first_or_not_at_all(town: Town) -> None:
    for turn in range(scaled(6, 60)):
        record_id = await record_of(town, f"citizen-{(1, 2, 5)[turn % 3]}")
        made, _ = await asyncio.gather(
            file(town, f"citizen-{(1, 2, 5)[turn % 3]}", key=f"w{turn}", targetId=record_id),
            _withdrawn(town, record_id),
        )
        async with town.house.database.writing() as unit:
            row = await unit.first(select(record).where(record.c.id == record_id))
            assert row is not None
            marks = list(row.marks)
            await unit.run(record.update().where(record.c.id == record_id).values(status="CURRENT", withdrawal=None))
        if "code" in made:
            assert (made["code"], marks) == ("NOT_AVAILABLE", [])
            continue
        assert marks == [made["objection"]["filedAt"]]
        await withdraw(town, made["objection"], f"citizen-{(1, 2, 5)[turn % 3]}")
        assert await marks_of(town, record_id) == []


async def _withdrawn(town: Town, record_id: str) -> None:
    async with town.house.database.writing() as unit:
        try:
            await withdrawing.withdraw(unit, record_id, WithdrawalCause.REVOKED, at=datetime.now(UTC))
        except NotAvailable:
            pytest.fail("it was current")


async def test_taking_back_and_filing_again_leave_a_mark_exactly_while_one_is_open(town: Town) -> None:
    record_id = await record_of(town)
    for turn in range(scaled(4, 40)):
        made = (await file(town, key=f"t{turn}"))["objection"]
        acts: list[Any] = [withdraw(town, made) for _ in range(3)]
        acts += [file(town, key=f"t{turn} {n}", text=f"又{n}") for n in range(3)]
        await asyncio.gather(*acts)
        open_ = [one for one in await mine(town) if one["status"] == "FILED"]
        assert len(open_) <= 1
        assert await marks_of(town, record_id) == [one["filedAt"] for one in open_]
        for one in open_:
            await withdraw(town, one)
        assert await marks_of(town, record_id) == []


async def test_a_case_decided_while_it_is_taken_back_ends_once(town: Town) -> None:
    """Whoever holds the row first: the other one is told why not."""
    record_id = await record_of(town)
    made = (await file(town))["objection"]

    async def decided() -> int:
        async with town.house.database.writing() as unit:
            open_ = (objection.c.id == made["id"], objection.c.version == 1, objection.c.ended_at.is_(None))
            return await unit.run(
                objection.update().where(*open_).values(
                    status="DECIDED", outcome="EXPLAINED", reason="x", decided_at=datetime.now(UTC),
                    version=2,
                )
            )  # fmt: skip

    done, taken = await asyncio.gather(decided(), withdraw(town, made))
    marks = await marks_of(town, record_id)
    if done:
        assert (taken["code"], marks) in (("WRONG_STEP", [made["filedAt"]]), ("VERSION_CHANGED", [made["filedAt"]]))
    else:
        assert marks == []
