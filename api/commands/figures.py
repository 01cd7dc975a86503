"""`haihe figures`: does any published table of people tell a number that it withholds?"""

import click

from api.house import House
from api.settings import Settings
from incentives import statistics


class Told(RuntimeError):
    """A published table tells what it withholds."""


async def audit(settings: Settings) -> None:
    """Solve every table that merchants were ever shown; raises `Told` with whose, of which month, and where."""
    house = House(settings)
    try:
        async with house.database.reading() as unit:
            found = await statistics.told(unit)
            many = await statistics.published(unit)
    finally:
        await house.database.close()
    if found:
        places = (f"{party_id} {month}: {place.row or '*'} {place.column or '*'}" for party_id, month, place in found)
        raise Told("told: " + "; ".join(places))
    click.echo(f"{many} tables, nothing withheld is told")
