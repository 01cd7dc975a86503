"""`python -m migrations "what changes"`: write a migration from the difference between the tables and the last one."""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from alembic import command

from api.migrating import config, migrate
from core import keys
from core.database import Database
from core.vault import Vault


async def write(message: str) -> None:
    """Migrate an empty SQLite database to the head, then write what the metadata has beyond it."""
    with tempfile.TemporaryDirectory() as folder:
        keys.create(Path(folder) / "keys.json")
        vault = Vault(keys.load(Path(folder) / "keys.json"))
        database = Database(f"sqlite+aiosqlite:///{folder}/empty.db", vault)
        await migrate(database)
        name = f"{datetime.now(UTC):%Y%m%d%H%M}"
        async with database.engine.begin() as connection:
            await connection.run_sync(
                lambda sync: command.revision(config(sync), message, autogenerate=True, rev_id=name)
            )
        await database.close()


if __name__ == "__main__":
    if not " ".join(sys.argv[1:]).strip():
        sys.exit('say what changes: make migration m="what changes"')
    asyncio.run(write(" ".join(sys.argv[1:])))
