"""The command line over an opened house, in this process."""

import asyncio

from click.testing import CliRunner, Result

from api.__main__ import main
from api.house import House


async def haihe(house: House, *arguments: str) -> Result:
    """Run one command on the house's database and key file."""
    settings = house.settings
    given = {"DATA": settings.data, "DATABASE_URL": settings.database_url, "KEYS": settings.key_file}
    environment = {f"HAIHE_{name}": str(value) for name, value in given.items()}
    return await asyncio.to_thread(CliRunner().invoke, main, arguments, env=environment)
