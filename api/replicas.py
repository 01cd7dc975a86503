"""How far behind the primary its copy is, seen every second by each process that reads from it."""

from datetime import datetime

from api.duties import Duty
from core.replica import LOOK_SECONDS, Replica


def following(replica: Replica) -> Duty:
    """Look again and again."""

    async def run_once(_at: datetime) -> float:
        await replica.look()
        return LOOK_SECONDS

    return Duty("replica", run_once, leader_only=False)
