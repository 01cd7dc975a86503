"""Break-glass (Art. 13): the record that was opened in an emergency, and the list of those that wait for a word."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import strawberry

from audit.lens import Lens
from audit.looks import Look
from core.principal import Scope
from core.statements import Row
from credit import subjects
from oversight.duty import glass
from oversight.duty.glass import GlassState, Hand
from parties import directory
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.officers import by_staff, require
from schema.people import Party, SubjectCard
from schema.records import CreditRecord, ObjectionMark, Omissions, RecordFilter, records_page
from schema.stored import stored


def hand_of(context: Context) -> Hand:
    """The staff member who calls; raises `NotAvailable` for anybody else."""
    caller = context.caller
    return Hand(context.party(), by_staff(context), caller.staff_label or "", caller.institution)


@strawberry.type(description="A record opened in an emergency, without a case. Whose it is, is not said.")
class BrokenGlass:
    """What was stated, and what became of it."""

    row: strawberry.Private[Row]
    parties: strawberry.Private[Batch[str, Row]]
    state: GlassState
    by_me: bool = strawberry.field(description="Whether the caller opened it: somebody else speaks of it.")
    answerable: bool = strawberry.field(description="Whether the caller may say the second word now.")
    reviewable: bool = strawberry.field(description="Whether the caller may say what came of looking into it.")
    id: strawberry.ID = stored("id")
    number: str = stored("number", description="As it stands in the subject's trail.")
    operator: str = stored("label", description="Who opened it.")
    reason: str = stored("reason")
    opened_at: datetime = stored("opened_at")
    confirm_by: datetime = stored("confirm_by", description="Without a second person's word by then nothing is read.")
    reads_until: datetime = stored("reads_until", description="Until when it is read where that person agreed.")
    looks: int = stored("looks")
    answered_at: datetime | None = stored("answered_at")
    answer: str | None = stored("answer", description="What the second person said.")
    reviewed_at: datetime | None = stored("reviewed_at")
    finding: str | None = stored("finding", description="What came of looking into it.")

    @strawberry.field(description="At which institution.")
    async def institution(self) -> Party | None:
        """The institution's card, read once for a page."""
        row = await self.parties.get(self.row.party_id)
        return Party.of(row) if row is not None else None

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "BrokenGlass"]:
        """How to make lines of these rows."""

        async def load(ids: Collection[str]) -> Mapping[str, Row]:
            return await directory.cards(context.unit, ids)

        parties = Batch({row.party_id for row in rows}, load)

        def make(row: Row) -> BrokenGlass:
            mine, state = row.staff_id == context.caller.staff_id, glass.state_of(row, at=context.at)
            may = not mine and Scope.GLASS_ANSWER in context.caller.principal.scopes
            unheard = row.outcome is not None and state is not GlassState.CONFIRMED and row.reviewed_at is None
            return cls(
                row=row,
                parties=parties,
                state=state,
                by_me=mine,
                answerable=may and state is GlassState.OPEN,
                reviewable=may and unheard,
            )

        return make


async def glass_page(info: Info, waiting: bool, first: int, after: str | None) -> Connection[BrokenGlass]:
    """The approver's list, and the security officer's to read."""
    context = info.context
    require(context, Scope.GLASS_ANSWER, Scope.SECURITY_REVIEW)
    request = context.page("Approvals.brokenGlass", first, after, waiting)
    page = await glass.page(context.unit, hand_of(context), request, waiting=waiting)
    return connect(page, BrokenGlass.behind(context, page.items))


async def glass_of(context: Context, by: Hand, glass_id: str) -> BrokenGlass:
    """One of this person's business; raises `NotAvailable`."""
    row = await glass.find(context.unit, by, glass_id)
    return BrokenGlass.behind(context, [row])(row)


@strawberry.input(description="Under which statement.")
class BrokenGlassQueryInput:
    """One's own."""

    glass_id: strawberry.ID


@strawberry.type(description="A subject's record, opened in an emergency: its records with their marks, and no score.")
class BrokenGlassView:
    """What is read under one statement. Each reading is a look, which its subject sees."""

    lens: strawberry.Private[Lens]
    look: strawberry.Private[Look]
    omissions: strawberry.Private[Omissions]
    number: str
    confirm_by: datetime

    @classmethod
    async def of(cls, info: Info, query: BrokenGlassQueryInput) -> "BrokenGlassView":
        """The statement first, by the one statement that takes a look from it; then its subject."""
        context = info.context
        row = await glass.admit(context.writing, hand_of(context), query.glass_id, at=context.at)
        lens = glass.lens_of(row)
        await subjects.behind(context.unit, lens)
        label = context.caller.staff_label
        look = context.look(info, lens, purpose=glass.PURPOSE, operator=label, case_number=row.number)
        return cls(lens=lens, look=look, omissions=Omissions(lens), number=row.number, confirm_by=row.confirm_by)

    @strawberry.field(description="This look's id in the log.")
    def look_id(self) -> strawberry.ID:
        """What is being written down while this is answered."""
        return strawberry.ID(self.look.id)

    @strawberry.field(description="Who was looked at.")
    async def subject(self, info: Info) -> SubjectCard:
        """The subject's card."""
        return SubjectCard.of(await subjects.behind(info.context.unit, self.lens))

    @strawberry.field(description="The subject's records, newest event first.")
    async def records(
        self, info: Info, filter: RecordFilter | None = None, first: int = 20, after: str | None = None
    ) -> Connection[CreditRecord]:
        """As an organ sees them."""
        return await records_page(info, self.lens, self.look, filter, first, after, self.omissions)

    @strawberry.field(
        description="异议标注: since when it is contested that something is missing here. Whatever selects records "
        "selects this."
    )
    async def objections(self, info: Info) -> list[ObjectionMark]:
        """As of the statement that read the records."""
        return await self.omissions.shown(info.context.unit)
