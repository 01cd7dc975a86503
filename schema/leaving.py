"""What an approver reads of what leaves the institution, and of the doors through which it is asked (Art. 13)."""

from datetime import date

import strawberry

from schema.channels import ChannelDay, FromDay, channel_days
from schema.connection import Connection
from schema.context import Info
from schema.releases import Release, releases_page


@strawberry.type
class Leaving:
    """Fields of the institution's desk."""

    @strawberry.field(
        description="保密审查: what tells of many people and waits for a word before it leaves, or all; oldest first."
    )
    async def releases(
        self, info: Info, waiting: bool = True, first: int = 20, after: str | None = None
    ) -> Connection[Release]:
        """Answers to state organs' large batches."""
        return await releases_page(info, waiting, first, after)

    @strawberry.field(
        description="How the channels fared (Art. 13), day by day, the last week by default: what each answered and "
        "what failed by our fault, and how often a process could not have served."
    )
    async def channels(self, info: Info, from_: FromDay = None, to: date | None = None) -> list[ChannelDay]:
        """At most a hundred days, oldest first."""
        return await channel_days(info, from_, to)
