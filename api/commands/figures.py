"""`haihe figures`: does any published table of people tell a number that it withholds?"""

import click

from api.house import House
from api.settings import Settings
from incentives import statistics
from oversight.supervision import publishing


class Told(RuntimeError):
    """A published table tells what it withholds."""


async def audit(settings: Settings) -> None:
    """Solve every table that was ever shown; raises `Told` with whose or of what, of which month, and where."""
    house = House(settings)
    try:
        async with house.database.reading() as unit:
            found = await statistics.told(unit)
            of_city = await publishing.told(unit)
            many = await statistics.published(unit) + await publishing.published(unit)
    finally:
        await house.database.close()
    told = [*found, *((kind.value, month, place) for kind, month, place in of_city)]
    if told:
        places = (f"{whose} {month}: {place.row or '*'} {place.column or '*'}" for whose, month, place in told)
        raise Told("told: " + "; ".join(places))
    click.echo(f"{many} tables, nothing withheld is told")
