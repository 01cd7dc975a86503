"""A process that stands for the lead and says when it wins it: `python -m tests.harness.leading URL KEYS NAME`."""

import asyncio
import sys
from pathlib import Path

from core import keys
from core.database import Database
from core.leader import leader
from core.vault import Vault


async def main(url: str, key_file: str, name: str) -> None:
    database = Database(url, Vault(keys.load(Path(key_file))))
    async with leader(database, name) as held:
        print("won", flush=True)  # noqa: T201
        await held.lost.wait()
        print("lost", flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
