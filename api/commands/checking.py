"""`haihe check`: could the service start here?"""

import click

from api.house import House
from api.settings import Settings
from api.starting import ready


async def check(settings: Settings) -> None:
    """Say what the service would start on; raises `NotConfigured` with what is missing."""
    house = House(settings)
    try:
        click.echo(f"ready: {house.database.engine.dialect.name}, {await ready(house)}")
    finally:
        await house.database.close()
