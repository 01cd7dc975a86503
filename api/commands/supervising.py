"""`haihe supervisors import`: which department supervises which area."""

from pathlib import Path

import click

from api import clock
from api.house import House
from api.settings import Settings
from api.starting import migrated
from oversight.supervision import areas


async def load(settings: Settings, path: Path) -> None:
    """Load a list; raises `AreasRefused`, and then changes nothing."""
    listed = areas.read(path.read_bytes())  # noqa: ASYNC240 (a command has nobody else to keep waiting)
    house = House(settings)
    try:
        await migrated(house)
        async with house.database.writing() as unit:
            await areas.enter(unit, listed, at=clock.now())
    finally:
        await house.database.close()
    click.echo(f"监督部门：{len(listed)}")
