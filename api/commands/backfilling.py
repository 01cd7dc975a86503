"""`haihe backfill`: data made again beside a running service, resumable."""

import sys
from datetime import timedelta

import click

from api import clock
from api.backfills import BACKFILLS
from api.house import House
from api.settings import NotConfigured, Settings
from api.starting import migrated
from core import backfill

# A process that has not looked at the key file yet may still write with the key before.
_SETTLED = timedelta(seconds=5)


async def run(settings: Settings, name: str) -> None:
    """Run a backfill to its end; a second run goes on where the first was broken off."""
    house = House(settings)
    try:
        await migrated(house)
        await _run(house, name)
    finally:
        await house.database.close()


async def _run(house: House, name: str) -> None:
    wanted = BACKFILLS[name]
    active = house.rings.active(wanted.purpose)
    if active.since is not None and clock.now() < active.since + _SETTLED:
        raise NotConfigured(f"the {wanted.purpose} key changed a moment ago: wait {_SETTLED.seconds} seconds")
    for sealed in wanted.columns:
        async with house.database.reading() as unit:
            total = await backfill.rows_of(unit, sealed)
        with click.progressbar(length=total, label=sealed.place, file=sys.stderr) as bar:
            while True:
                async with house.database.writing() as unit:
                    seen = await backfill.step(unit, sealed, active.kid, hashes=wanted.hashes, at=clock.now())
                if seen is None:
                    break
                bar.update(seen)
    click.echo(f"{name}: done for key {active.kid}")
