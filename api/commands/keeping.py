"""`haihe keys`: showing, changing and forgetting the keys. A secret is never shown."""

import asyncio
import sys
from datetime import timedelta

import click

from api import clock
from api.backfills import BACKFILLS, is_done
from api.house import House
from api.settings import Settings
from core import keys
from core.keys import STORED, KeyRefused, Purpose

# Others read our published token keys every five minutes; our own processes look at the file every second.
PUBLISHED_SECONDS = {Purpose.TOKEN: 330}
PUBLISHED_ELSE = 10
# Tokens live a quarter of an hour, nonces two minutes, codes and cursors less than anybody pages.
_READABLE = timedelta(hours=1)
_SHORT_LIVED = (Purpose.TOKEN, Purpose.CODE, Purpose.CURSOR, Purpose.NONCE)


def create(settings: Settings) -> None:
    """Make an installation's first keys. A file that is there is never touched."""
    try:
        keys.create(settings.key_file)
    except FileExistsError:
        if not settings.key_file.is_file():  # a file stands where its folder would be
            raise
        click.echo(f"{settings.key_file} is there already: nothing was changed")
        return
    click.echo(
        f"{settings.key_file} made: keep a copy where nobody reads it; what is sealed with it is lost without it"
    )


def show(settings: Settings) -> None:
    """One line a key: purpose, name, state, since when."""
    rings = keys.load(settings.key_file)
    for purpose in Purpose:
        for key in rings.all(purpose).values():
            since = f"{key.since:%Y-%m-%dT%H:%M:%SZ}" if key.since else "-"
            click.echo(f"{purpose:<10} {key.kid} {key.state:<8} {since}")


async def rotate(settings: Settings, purpose: Purpose, published: int | None) -> None:
    """Publish a ring's next key, wait until everybody can read it, then use it. Broken off, it is taken up again."""
    keys.load(settings.key_file)
    wait = PUBLISHED_SECONDS.get(purpose, PUBLISHED_ELSE) if published is None else published
    key = keys.publish(settings.key_file, purpose, at=clock.now())
    ready = (key.since or clock.now()) + timedelta(seconds=wait)
    with click.progressbar(length=wait, label=f"{purpose} {key.kid}", file=sys.stderr) as bar:
        while clock.now() < ready:
            await asyncio.sleep(min(1.0, (ready - clock.now()).total_seconds() + 0.001))
            bar.update(1)
    keys.promote(settings.key_file, purpose, key.kid, at=clock.now())
    click.echo(f"{purpose} {key.kid} active")
    if purpose in STORED:
        click.echo(f"then: haihe backfill {purpose}", err=True)


async def drop(settings: Settings, purpose: Purpose, kid: str) -> None:
    """Forget a retired key that nothing needs any more; raises `KeyRefused` while anything may."""
    key = keys.load(settings.key_file).all(purpose).get(kid)
    if key is None or key.state != "retired":
        raise KeyRefused(f"{kid} is not a retired {purpose} key")
    if purpose in STORED:
        house = House(settings)
        try:
            if not await is_done(house.database, house.rings, BACKFILLS[purpose]):
                raise KeyRefused(f"values still need {kid}: run `haihe backfill {purpose}`")
        finally:
            await house.database.close()
    elif purpose not in _SHORT_LIVED:
        raise KeyRefused(f"a {purpose} key is kept for good: what was made with it is outside and must stay provable")
    elif key.since is None or clock.now() < key.since + _READABLE:
        raise KeyRefused(f"{kid} was in use less than an hour ago: what was made with it may still come back")
    keys.drop(settings.key_file, purpose, kid)
    click.echo(f"{purpose} {kid} forgotten")
