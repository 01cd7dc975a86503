"""`haihe providers import`: what each provider may send."""

from pathlib import Path

import click

from api import clock
from api.house import House
from api.settings import Settings
from api.starting import migrated
from intake import providers


async def load(settings: Settings, path: Path) -> None:
    """Load a list and say what it changed; raises `TermsRefused`, and then changes nothing."""
    listed = providers.read(path.read_bytes())  # noqa: ASYNC240 (a command has nobody else to keep waiting)
    house = House(settings)
    try:
        await migrated(house)
        async with house.database.writing() as unit:
            loaded = await providers.load(unit, listed, at=clock.now())
    finally:
        await house.database.close()
    click.echo(f"信息提供单位：新增 {loaded.added}，更新 {loaded.changed}，未变 {loaded.unchanged}")
