"""合规审计 (个人信息保护法 54): what an auditor asked for, how it stands, and which looks of one's own it has shown."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

import strawberry

from audit import disclosing
from core.principal import Channel
from core.statements import Row
from oversight.auditing import exports
from oversight.auditing.exports import AuditState
from oversight.auditing.showing import Wanted
from oversight.duty import confidentiality
from oversight.duty.confidentiality import ReleaseKind, ReleaseOutcome
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.stored import stored


@strawberry.type(
    description="The looks of some days, position by position of the log, as a file that docs/verify_audit.py checks "
    "against the public tree. At whom they were is not in it."
)
class ComplianceExport:
    """One export."""

    row: strawberry.Private[Row]
    releases: strawberry.Private[Batch[str, Row]]
    state: AuditState
    first_position: str | None = strawberry.field(description="From here on every position is accounted for.")
    last_position: str | None = strawberry.field(description="Up to here, this one included.")
    id: strawberry.ID = stored("id")
    number: str = stored("number")
    since: date = stored("since")
    until: date = stored("until", description="Its last day, counted.")
    channel: Channel | None = stored("only_channel", description="Only looks through this door; null: any.")
    purpose: str | None = stored("only_purpose", description="Only looks for this purpose; null: any.")
    requested_at: datetime = stored("requested_at")
    ready_at: datetime | None = stored("ready_at")
    expires_at: datetime | None = stored("expires_at")
    looks: int | None = stored("looks", description="How many looks it shows.")
    sha256: str | None = stored("sha256", description="Of the file.")

    @strawberry.field(
        description="What 保密审查 said of it. Null as long as it waits: it does not leave, and is fetched by nobody."
    )
    async def release(self) -> ReleaseOutcome | None:
        """The reader's word, read once for a page."""
        row = await self.releases.get(self.row.id)
        return ReleaseOutcome(row.outcome) if row is not None and row.outcome is not None else None

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "ComplianceExport"]:
        """How to make lines of these rows."""

        async def load_releases(ids: Collection[str]) -> Mapping[str, Row]:
            return await confidentiality.said_of(context.unit, ReleaseKind.COMPLIANCE_EXPORT, ids)

        releases = Batch({row.id for row in rows}, load_releases)

        def make(row: Row) -> ComplianceExport:
            ends = (str(end) if end is not None else None for end in (row.first, row.last))
            state, (first, last) = exports.state_of(row, at=context.at), ends
            return cls(row=row, releases=releases, state=state, first_position=first, last_position=last)

        return make


@strawberry.type(description="A compliance auditor's desk. It asks, and looks at nobody's record.")
class Auditing:
    """What was asked for."""

    party_id: strawberry.Private[str]

    @strawberry.field(description="The institution's exports, newest first.")
    async def exports(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ComplianceExport]:
        """Of every auditor of the institution."""
        context = info.context
        request = context.page("Auditing.exports", first, after)
        page = await exports.page(context.unit, self.party_id, request)
        return connect(page, ComplianceExport.behind(context, page.items))


@strawberry.type(description="An export for 合规审计 that has shown a look, and when it was made.")
class Audited:
    """One export, as whoever was looked at sees it."""

    number: str
    at: datetime


async def audits_of(context: Context, rows: Collection[Row], ids: Collection[str]) -> Mapping[str, list[Audited]]:
    """Which exports have shown these looks, by their ids. Nothing is kept for each look: an export says from which
    position to which it goes, and every one of them is accounted for in it."""
    places = await disclosing.positions(context.unit, ids)
    if not places:
        return {}
    made = await exports.showed(context.unit, min(places.values()), max(places.values()))
    return {
        row.id: [
            Audited(number=one.number, at=one.ready_at)
            for one in made
            if one.first <= places[row.id] <= one.last
            and row.withholding_id is None
            and Wanted(one.only_channel, one.only_purpose).covers(row.channel, row.purpose)
        ]
        for row in rows
        if row.id in places
    }
