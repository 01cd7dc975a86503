"""`python -m tests.cluster`: a whole city on this machine's own binaries, and both of its primaries killed under load.

Two processes that answer, one that does the duties, PostgreSQL and Redis with a replica each. It prints where they are,
takes offers through both processes, kills both primaries in the middle of it, and says what that cost. With `--hold` it
waits for Enter before each step, so that somebody can look in.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import click

from tests.harness import city, postgres, scratch
from tests.harness.city import Templates
from tests.harness.clustered import Clustered, clustered
from tests.harness.insisting import Caller, until_taken

_CLAIMS = "SELECT id FROM claim WHERE subject_id LIKE 'sub_many%'"


@click.command()
@click.option("--claims", default=400, show_default=True, help="Offers taken while everything falls.")
@click.option("--hold", is_flag=True, help="Wait for Enter before each step.")
def main(claims: int, hold: bool) -> None:
    """Start it, drive it through a failover, and stop it."""
    built = postgres.Cluster(postgres.FORGETFUL, scratch.folder("postgres"))
    templates = Templates(scratch.folder("cluster"), built.url("")[:-1])
    try:
        click.echo("building the city …")
        city.build(templates)
        asyncio.run(_drive(templates, claims, _wait if hold else _go_on))
    finally:
        built.stop()


async def _go_on(_what: str) -> None:
    pass


async def _wait(what: str) -> None:
    await asyncio.to_thread(input, f"Enter: {what}")


async def _drive(templates: Templates, claims: int, before: Callable[[str], Awaitable[None]]) -> None:
    async with clustered(templates) as found:
        _show(found)
        one = Caller(found.city, found.callers[0])
        await one.begin(claims + 1)
        other = one.beside(found.callers[1])
        await before("the load and the failover")
        taking = [asyncio.create_task(until_taken(who)) for _ in range(claims // 2) for who in (one, other)]
        while len(one.told) < claims // 4:
            await asyncio.sleep(0.01)
        at = time.monotonic()
        click.echo(f"{len(one.told)} taken; both primaries are killed")
        await found.fail_over()
        click.echo(f"both replicas lead after {time.monotonic() - at:.1f} s")
        await one.recovers(one.another())
        click.echo(f"everything answers again after {time.monotonic() - at:.1f} s")
        await asyncio.gather(*taking)
        stored = {row["id"] for row in await found.stored(_CLAIMS)}
        lost = {made["claim"]["id"] for made in one.told.values()} - stored
        click.echo(f"{len(one.told)} acknowledged, {len(stored)} stored, {len(lost)} lost")
        await before("stop everything")
        if lost:
            sys.exit(1)


def _show(found: Clustered) -> None:
    for server in found.servers:
        click.echo(f"serving    {server.url}")
    click.echo(f"PostgreSQL 127.0.0.1:{found.city.cluster.port}, its replica :{found.replica.port}")
    click.echo(f"Redis      127.0.0.1:{found.city.redis.port}, its replica :{found.redis_replica.port}")


if __name__ == "__main__":
    main()
