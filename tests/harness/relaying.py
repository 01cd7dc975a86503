"""The relay in a process of its own, at a given instant: `python -m tests.harness.relaying INSTANT`."""

import asyncio
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from api.app import House
from api.relaying import relay_of
from api.settings import Settings
from core.moments import rfc3339
from tests.harness.servers import ROOT


def start(settings: Settings, at: datetime, log: Path) -> subprocess.Popen[bytes]:
    """Start it; its log goes where the run's logs are searched."""
    with log.open("w", encoding="utf-8") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.harness.relaying", rfc3339(at)],
            cwd=ROOT,
            env={
                **{key: value for key, value in os.environ.items() if not key.startswith("HAIHE_")},
                "HAIHE_DATA": str(settings.data),
                "HAIHE_DATABASE_URL": settings.database_url,
                "HAIHE_KEYS": str(settings.key_file),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stream,
        )


async def _main(at: datetime) -> None:
    house = House(Settings())
    relay, hooks = relay_of(house, await house.kind(), jitter=lambda: 0.0)
    while await relay.run_once(at) == 0.0:
        pass
    await hooks.close()
    await house.database.close()


if __name__ == "__main__":
    asyncio.run(_main(datetime.fromisoformat(sys.argv[1])))
