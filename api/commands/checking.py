"""`haihe check`: could the service start here?"""

import click

from api.house import House
from api.migrating import is_current
from api.settings import NotConfigured, Settings


async def check(settings: Settings) -> None:
    """Say what the service would start on; raises `NotConfigured` with what is missing."""
    house = House(settings)
    try:
        if not await is_current(house.database):
            raise NotConfigured("migrations are missing: run `haihe migrate`")
        click.echo(f"ready: {house.database.engine.dialect.name}, {await house.kind()}")
    finally:
        await house.database.close()
