"""The duty that tells an organ in time that its share ends: a need that lasts is asked for again (Art. 5)."""

from datetime import datetime, timedelta

from sqlalchemy import select

from core.database import Database
from core.moments import day_of
from notices import outbox
from notices.kinds import EventKind
from oversight.sharing.shares import ShareStanding
from oversight.sharing.tables import share, share_feed

# CHOICE: two people have to read what is asked anew.
AHEAD = timedelta(days=14)
_AT_ONCE, _REST_SECONDS = 100, 600.0


class Warner:
    """Tells every organ of one database once for each share."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, at: datetime) -> float:
        """Tell those whose share ends soon; in how many seconds to look again."""
        today = day_of(at)
        lives = (share.c.state == ShareStanding.ACTIVE.value, share.c.valid_until >= today)
        soon = select(share.c.id, share.c.party_id).join(share_feed, share_feed.c.share_id == share.c.id)
        untold = (*lives, share.c.valid_until <= today + AHEAD, share_feed.c.warned_at.is_(None))
        async with self._database.reading() as unit:
            rows = await unit.all(soon.where(*untold).limit(_AT_ONCE))
        for row in rows:
            async with self._database.writing() as writing:
                told = share_feed.update().where(share_feed.c.share_id == row.id, share_feed.c.warned_at.is_(None))
                if await writing.run(told.values(warned_at=at)) == 1:
                    await outbox.tell_party(writing, row.party_id, EventKind.SHARE_ENDING, about=row.id, at=at)
        return 0.0 if len(rows) == _AT_ONCE else _REST_SECONDS
