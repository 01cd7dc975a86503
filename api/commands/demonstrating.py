"""`haihe demo`: the invented city, written as files and loaded through the import."""

import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from api import clock
from api.demo import cases, city, keeping, sharing, story, supervised
from api.demo.files import Plan
from api.house import House, ensure_keys
from api.migrating import migrate
from api.settings import Settings
from core import installation
from core.installation import Kind, WrongKind
from core.moments import day_of, start_of

_DEFAULT_CITIZENS, _DEFAULT_SEED = 2000, 1
_ORGANISATIONS_PER_CITIZEN = 0.2


async def ensure(settings: Settings) -> None:
    """Build the default city when the database is empty; leave any other database as it is."""
    ensure_keys(settings.key_file)
    house = House(settings)
    await migrate(house.database)
    async with house.database.reading() as unit:
        kind = await installation.kind_of(unit)
    await house.database.close()
    if kind is None:
        await build(settings, citizens=_DEFAULT_CITIZENS, seed=_DEFAULT_SEED, as_of=None, folder=None)


async def build(settings: Settings, *, citizens: int, seed: int, as_of: date | None, folder: Path | None) -> None:
    """Build a city in an empty database; raises `WrongKind` or `NotEmpty`."""
    ensure_keys(settings.key_file)
    house = House(settings)
    try:
        await migrate(house.database)
        async with house.database.reading() as unit:
            found = await installation.kind_of(unit)
        if found is Kind.REAL:
            raise WrongKind("this database is stamped real: no demonstration is built in it")
        if found is not None:
            raise city.NotEmpty("this database holds a demonstration city already")
        await _build(house, _plan(citizens, seed, as_of), folder or settings.data / "demo", _instant(as_of))
    finally:
        await house.database.close()


def _plan(citizens: int, seed: int, as_of: date | None) -> Plan:
    organisations = max(int(citizens * _ORGANISATIONS_PER_CITIZEN), story.FEWEST_ORGANISATIONS)
    return Plan(citizens, organisations, seed, as_of or day_of(clock.now()))


def _instant(as_of: date | None) -> datetime:
    """Now, or noon of another day."""
    now = clock.now()
    return now if as_of is None or as_of == day_of(now) else start_of(as_of) + timedelta(hours=12)


async def _build(house: House, plan: Plan, folder: Path, at: datetime) -> None:
    total = plan.citizens + plan.organisations
    with (
        click.progressbar(length=total, label="写出文件", file=sys.stderr) as writing,
        click.progressbar(length=total * 2, label="导入", file=sys.stderr) as loading,
    ):
        results = await city.build(house.database, folder, plan, at=at, writing=writing.update, loading=loading.update)
    await sharing.agree(house.database, at=at)
    await cases.tell(house.database, house.blobs, at=at)
    await supervised.tell(house.database, at=at)
    await keeping.tell(house.database, house.blobs, plan, at=at)
    added = sum(result.added for result in results)
    rejected = sum(result.rejected for result in results)
    click.echo(f"演示城市已建成：{total} 个主体，{added} 行入库，{rejected} 行被拒；文件在 {folder}", err=True)
