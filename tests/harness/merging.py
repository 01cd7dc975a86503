"""Two subjects that are one: a second one entered under another number, with a sign-in, and the file that says so."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from api.settings import DEMONSTRATION_ISSUER
from core.identity import IdentityType, parse
from intake import layouts, providers
from parties import links
from parties.links import Owner
from tests.harness import asking, intake_rows
from tests.harness.callers import Town
from tests.harness.provider_files import AT, counts, load, penalty, write

BASIS = "户籍证明（2026）第2号"
SECOND = "citizen-9"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Pair:
    """Two subjects of one name: who goes on, and who turned out to be them."""

    name: str
    kept: str
    kept_number: str
    absorbed: str
    absorbed_number: str

    def row(self, **changed: str) -> dict[str, str]:
        """The row that says that they are one."""
        return {
            "变更类型": "合并",
            "主体名称": self.name,
            layouts.IDENTITY_TYPE: "身份证",
            layouts.IDENTITY_NUMBER: self.absorbed_number,
            "变更后名称": self.name,
            "变更后证件类型": "身份证",
            "变更后证件号码": self.kept_number,
            "变更日期": "2026-05-01",
            "变更依据": BASIS,
            **changed,
        }


async def may_change(town: Town) -> None:
    """The hub may send 主体变更 from now on, beside what it sends."""
    line = "HUB,国家机关,信用主体、主体变更,全市,张三,1"
    async with town.house.database.writing() as unit:
        await providers.load(unit, providers.read(f"{','.join(providers.COLUMNS)}\n{line}".encode()), at=AT)


async def pair(town: Town, folder: Path, *, kept: str = "citizen-1") -> Pair:
    """A persona, and the same person under another number, who signs in as `SECOND`."""
    await may_change(town)
    who = await asking.identity(town, kept)
    born = parse(IdentityType.RESIDENT_ID, who["number"], today=date(2026, 11, 1)).born
    assert born is not None
    number = intake_rows.person(born, 807)
    await enter(town, folder, who["name"], number)
    found = Pair(who["name"], await id_of(town, who["number"]), who["number"], await id_of(town, number), number)
    async with town.house.database.writing() as unit:
        row = await unit.first(text("SELECT subject_id FROM identity_link WHERE name = :n"), {"n": SECOND})
        assert row is not None
        taken, to = Owner(subject_id=row.subject_id), Owner(subject_id=found.absorbed)
        await links.move(unit, issuer=DEMONSTRATION_ISSUER, name=SECOND, taken_from=taken, to=to)
    return found


async def enter(
    town: Town, folder: Path, name: str, number: str, *, kind: str = "自然人", type_: str = "身份证"
) -> None:
    """A new subject."""
    row = {"主体类别": kind, "主体名称": name, layouts.IDENTITY_TYPE: type_, layouts.IDENTITY_NUMBER: number}
    path = write(folder / "subject.csv", layouts.SUBJECT, [row])
    assert counts(await load(town.house, path, "HUB", now=now)) == (1, 0, 0, 0)


async def id_of(town: Town, number: str) -> str:
    """Whose a number is now."""
    async with town.house.database.reading() as unit:
        rows = await unit.all(text("SELECT id, identity_sealed FROM subject"))
        return next(r.id for r in rows if unit.vault.open("subject.identity_sealed", r.id, r.identity_sealed) == number)


async def fined(town: Town, folder: Path, who: Pair, number: str, document: str, **changed: str) -> Any:
    """A penalty of whoever has this number."""
    row = penalty(document, **{layouts.NAME: who.name, layouts.IDENTITY_NUMBER: number, **changed})
    return await load(town.house, write(folder / "penalty.csv", layouts.PENALTY, [row]), now=now)


async def send(town: Town, folder: Path, *rows: dict[str, str]) -> Any:
    """Send rows of 主体变更."""
    return await load(town.house, write(folder / "change.csv", layouts.SUBJECT_CHANGE, list(rows)), "HUB", now=now)


async def merge(town: Town, folder: Path, who: Pair) -> None:
    """Say that they are one."""
    assert counts(await send(town, folder, who.row())) == (0, 1, 0, 0)
