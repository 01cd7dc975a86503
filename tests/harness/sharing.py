"""Shares that two people agreed to, changes of records inside and outside them, and what their organ reads."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from core.database import WriteUnit
from core.moments import day_of
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind
from oversight.sharing import feeding
from tests.harness.callers import Answered, Town

READ = """query($i: ID!, $n: Int!, $a: String) { shared(query: {shareId: $i, first: $n, after: $a}) { cursor more
  changes { id objections { filedAt } subject { name identity { masked } }
    record { id category title items { code } objections { filedAt } } } } }"""


async def agreed(town: Town, key: str = "k", **changed: Any) -> str:
    """An active one, of the administrative records of people in 129901."""
    until = day_of(datetime.now(UTC)) + timedelta(days=30)
    asked = {
        "need": "核验从业许可申请人",
        "instrument": "海津市示例条例",
        "article": "第十条",
        "categories": ["ADMINISTRATIVE"],
        "kinds": ["NATURAL_PERSON"],
        "districts": ["129901"],
        "validUntil": until.isoformat(),
        "idempotencyKey": key,
        **changed,
    }
    made = (await town.act("agency-1", "shareRequest", asked, "share { id version }"))["share"]
    for by, what in (("approver-1", "shareApprove"), ("approver-2", "shareReview")):
        input_ = {"shareId": made["id"], "expectedVersion": made["version"]}
        made = (await town.act(by, what, input_, "share { id version }"))["share"]
    return str(made["id"])


async def records(town: Town, *, where: str, count: int = 1000, **values: Any) -> list[Any]:
    """Current records of which something holds, by id."""
    async with town.house.database.reading() as unit:
        query = (
            "SELECT r.id, r.subject_id, r.version FROM record r JOIN subject s ON s.id = r.subject_id"
            f" WHERE r.status = 'CURRENT' AND {where} ORDER BY r.id LIMIT {count}"
        )
        return list(await unit.all(text(query), values))


async def of(town: Town, persona: str) -> list[Any]:
    """A persona's administrative records."""
    where = (
        "r.category = 'ADMINISTRATIVE' AND s.id = (SELECT subject_id FROM identity_link"
        " WHERE name = :n AND subject_id IS NOT NULL)"
    )
    return await records(town, where=where, n=persona)


async def move(town: Town, rows: Sequence[Any], code: str | None) -> None:
    """Let records lie in a district, as if they had from the beginning."""
    async with town.house.database.writing() as unit:
        for row in rows:
            await unit.run(text("UPDATE record SET district = :d WHERE id = :i"), {"d": code, "i": row.id})


async def change(town: Town, rows: Sequence[Any]) -> None:
    """As if these had changed, in this order; and numbered, and fed."""
    async with town.house.database.writing() as unit:
        await tell(unit, rows)
    await feed(town)


async def tell(unit: WriteUnit, rows: Sequence[Any]) -> None:
    """As whoever changes them tells it."""
    for row in rows:
        told = Change(row.subject_id, ChangeKind.RECORD, row.id, row.version)
        await changes.tell(unit, told, at=datetime.now(UTC))


async def feed(town: Town, *, at: datetime | None = None) -> None:
    """As the duties do: until everything that is committed has a number, and stands in feeds."""
    async with town.house.database.writing() as unit:
        while await changes.number(unit):
            pass
    more = 1
    while more:
        async with town.house.database.writing() as unit:
            more = await feeding.feed(unit, at=at or datetime.now(UTC))


async def read(
    town: Town, share_id: str, *, first: int = 100, after: str | None = None, by: str = "agency-1"
) -> Answered:
    """One reading."""
    return await town.ask(by, READ, {"i": share_id, "n": first, "a": after})
