"""The relay in a process of its own, at a given instant: `python -m tests.harness.relaying INSTANT`."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from api.house import House
from api.relaying import relay_of
from api.settings import Settings
from core.moments import rfc3339
from tests.harness import forking
from tests.harness.servers import surroundings


def start(settings: Settings, at: datetime, log: Path) -> forking.Process:
    """Start it; its log goes where the run's logs are searched."""
    with log.open("w", encoding="utf-8") as stream:
        command = ["-m", "tests.harness.relaying", rfc3339(at)]
        return forking.start(command, surroundings(settings), stdout=stream, stderr=stream)


async def _main(at: datetime) -> None:
    house = House(Settings())
    relay, hooks = relay_of(house, await house.kind(), jitter=lambda: 0.0)
    while await relay.run_once(at) == 0.0:
        pass
    await hooks.close()
    await house.database.close()


if __name__ == "__main__":
    asyncio.run(_main(datetime.fromisoformat(sys.argv[1])))
