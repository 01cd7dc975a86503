"""`haihe check`: could the service start here?"""

import click

from api.house import House
from api.settings import Settings
from api.starting import ready

# Every sealed value is as secret as the key file. It is told and not refused: a container's secrets are readable in it.
_OTHERS = 0o066


async def check(settings: Settings) -> None:
    """Say what the service would start on, and of a key file that others can read; raises `NotConfigured` with what is
    missing."""
    house = House(settings)
    try:
        click.echo(f"ready: {house.database.engine.dialect.name}, {await ready(house)}")
        if mode := settings.key_file.stat().st_mode & _OTHERS:
            click.echo(f"others than its owner may read or write {settings.key_file}: {mode:03o}", err=True)
    finally:
        await house.database.close()
