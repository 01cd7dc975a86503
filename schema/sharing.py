"""A share (Art. 5), as its organ's desk and the institution's show it."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

import strawberry

from core.principal import Scope
from core.statements import Row
from credit import districts
from credit.kinds import SubjectKind
from grants.scope import RecordCategory
from oversight.sharing import shares
from oversight.sharing.shares import ShareStanding
from parties import directory
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.officers import require
from schema.people import Party
from schema.stored import derived, stored


@strawberry.type(description="What a state organ needs of the hub: which records of whom, where, and until when.")
class Share:
    """A request, and what became of it."""

    row: strawberry.Private[Row]
    parties: strawberry.Private[Batch[str, Row]]
    state: ShareStanding
    approved_by_me: bool = strawberry.field(description="Whether the caller approved it: somebody else reviews.")
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    number: str = stored("number")
    need: str = stored("need")
    instrument: str = stored("instrument", description="The law, regulation or document, with its number.")
    article: str = stored("article")
    categories: list[RecordCategory] = stored("categories")
    kinds: list[SubjectKind] = stored("kinds")
    districts: list[str] | None = stored("districts", description="By 行政区划代码; null is the whole city.")
    district_names: list[str] | None = derived(
        lambda row: None if row.districts is None else [districts.name_of(code) for code in row.districts]
    )
    valid_until: date = stored("valid_until", description="The last day.")
    asked_by: str = stored("asked_label", description="The organ's officer.")
    asked_at: datetime = stored("asked_at")
    approved_at: datetime | None = stored("approved_at")
    reviewed_at: datetime | None = stored("reviewed_at", description="From when on it is read: changes, and no copy.")
    ended_at: datetime | None = stored("ended_at")
    reason: str | None = stored("reason", description="Why it was refused.")

    @strawberry.field(description="Who asked.")
    async def organ(self) -> Party | None:
        """The organ's card, read once for a page."""
        row = await self.parties.get(self.row.party_id)
        return Party.of(row) if row is not None else None

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Share"]:
        """How to make lines of these rows."""

        async def load(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        parties = Batch({row.party_id for row in rows}, load)

        def make(row: Row) -> Share:
            mine = row.approved_by is not None and row.approved_by == context.caller.staff_id
            return cls(row=row, parties=parties, state=shares.state_of(row, at=context.at), approved_by_me=mine)

        return make


@strawberry.type(description="A district of the city, by 行政区划代码.")
class ShareDistrict:
    """One that a share can name."""

    code: str
    name: str


async def districts_of(context: Context) -> list[ShareDistrict]:
    """Every district of the city."""
    return [ShareDistrict(code=code, name=name) for code, name in (await shares.places(context.unit)).items()]


async def shares_asked(info: Info, waiting: bool, first: int, after: str | None) -> Connection[Share]:
    """The approver's list, of every organ."""
    context = info.context
    require(context, Scope.SHARE_APPROVE)
    request = context.page("Approvals.shares", first, after, waiting)
    page = await shares.page(context.unit, request, at=context.at, waiting=waiting)
    return connect(page, Share.behind(context, page.items))


async def shares_of(info: Info, party_id: str, first: int, after: str | None) -> Connection[Share]:
    """An organ's own."""
    context = info.context
    request = context.page("AgencyWork.shares", first, after)
    page = await shares.page(context.unit, request, at=context.at, party_id=party_id)
    return connect(page, Share.behind(context, page.items))
