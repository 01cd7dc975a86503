"""`haihe migrate`: schema changes, and the stamp of a fresh real database."""

import click

from api import clock
from api.house import House, complete_keys
from api.migrating import migrate as bring_up
from api.settings import Settings
from core import installation
from core.installation import Kind


async def migrate(settings: Settings, *, real: bool) -> None:
    """Migrate; with `real`, stamp the database. Raises `WrongKind` on a demonstration."""
    added = complete_keys(settings.key_file)
    if added:
        click.echo(f"keys added for {', '.join(added)}: back {settings.key_file} up again", err=True)
    house = House(settings)
    try:
        await bring_up(house.database)
        if real:
            async with house.database.writing() as unit:
                await installation.stamp(unit, Kind.REAL, at=clock.now())
    finally:
        await house.database.close()
    click.echo("migrated", err=True)
