"""In the invented city somebody always speaks for a post in time: its personas keep theirs, also when it was switched
off for months."""

from contextlib import suppress
from datetime import datetime, timedelta

from core.database import Database, WriteUnit
from core.moments import day_of
from oversight.duty import posts
from oversight.duty.posts import PostReviews
from parties.errors import SecondPerson

# Whoever tries the review out has all the days before.
IN_TIME = timedelta(days=3)
_MOMENT = timedelta(seconds=1)


class Confirming:
    """The quarterly review of posts as a demonstration carries it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reviews = PostReviews(database)

    async def run_once(self, at: datetime) -> float:
        """Confirm what would end, then do what is due; in how many seconds to look again."""
        async with self._database.writing() as unit:
            await confirm(unit, at=at)
        return await self._reviews.run_once(at)


async def confirm(unit: WriteUnit, *, at: datetime) -> None:
    """Let the city's approvers speak for every post whose time is over within `IN_TIME`, or was over unnoticed."""
    approvers = await posts.reviewers(unit, on=day_of(at))
    for row in await posts.waiting(unit, before=at + IN_TIME):
        for one in approvers:
            with suppress(SecondPerson):
                await posts.decide(unit, one, row.id, stays=True, at=min(at, row.until - _MOMENT))
                break
