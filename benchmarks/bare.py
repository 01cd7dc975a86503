"""`python -m benchmarks.bare`: the least that taking a hot offer can be, in a loop: one statement and its commit.

No key, no look, no consent, no notice, no person: an unused slot is entered, and one taken from the stock. Prints
requests and seconds as one line of JSON, like the load generator does.
"""

import asyncio
import json
import os
import time

import asyncpg
import click
import uvloop

from core.ids import new_id
from incentives import codes

_TAKE = """WITH taken AS (
  INSERT INTO claim (id, version, offer_id, offer_version, subject_id, slot, status, handle, notice_hash, created_at,
    expires_at, reversals)
  VALUES ($1, 1, $2, $3, $4, 1, 'CLAIMED', $5, $6, now(), now() + interval '30 days', 0)
  ON CONFLICT DO NOTHING RETURNING offer_id)
UPDATE stock SET left_over = left_over - 1 FROM taken
WHERE stock.offer_id = taken.offer_id AND stock.standing = $3 AND stock.left_over > 0 RETURNING left_over"""


@click.command()
@click.argument("url")
@click.argument("offer_id")
@click.argument("standing", type=int)
@click.argument("notice")
@click.option("--connections", required=True, type=int)
@click.option("--seconds", required=True, type=float)
@click.option("--core", required=True, type=int)
def main(url: str, offer_id: str, standing: int, notice: str, connections: int, seconds: float, core: int) -> None:
    """Take for so many seconds, on so many connections at once."""
    os.sched_setaffinity(0, {core})
    uvloop.run(_measured(url, (offer_id, standing, notice), connections, seconds))


async def _measured(url: str, offer: tuple[str, int, str], connections: int, seconds: float) -> None:
    opened = [await asyncpg.connect(url) for _ in range(connections)]
    begun = time.perf_counter()
    taken = await asyncio.gather(*(_loop(one, offer, begun + seconds) for one in opened))
    print(json.dumps({"requests": sum(taken), "seconds": time.perf_counter() - begun}))
    for one in opened:
        await one.close()


async def _loop(connection: asyncpg.Connection, offer: tuple[str, int, str], until: float) -> int:
    offer_id, standing, notice = offer
    statement, taken = await connection.prepare(_TAKE), 0
    while time.perf_counter() < until:
        row = await statement.fetchrow(new_id("clm"), offer_id, standing, new_id("sub"), codes.new_handle(), notice)
        taken += row is not None  # none where a random handle is somebody's already: the API takes another
    return taken


if __name__ == "__main__":
    main()
