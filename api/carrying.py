"""Every background duty of this service: sealing the log, relaying messages, sweeping files that no row names."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from api.app import House
from api.duties import Duty
from api.relaying import relay_of
from audit.sealing import Sealer
from core.installation import Kind

_SWEEP_SECONDS = 3600.0


@asynccontextmanager
async def duties_of(house: House, kind: Kind) -> AsyncIterator[Sequence[Duty]]:
    """The duties over an opened house, and what they hold open until the body ends."""
    relay, hooks = relay_of(house, kind)
    sealer = Sealer(house.database, house.rings, house.settings.log_origin)

    async def sweep(at: datetime) -> float:
        await house.blobs.sweep(at=at)
        return _SWEEP_SECONDS

    try:
        yield (
            Duty("audit.seal", sealer.run_once, leader_only=True),
            Duty("notices.relay", relay.run_once, leader_only=False),
            Duty("blobs.sweep", sweep, leader_only=True),
        )
    finally:
        await hooks.close()
