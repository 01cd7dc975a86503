"""A supervisor's complaints (投诉, Art. 4): the department's list, and what one is about, for whoever looks into it."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from audit import trail
from audit.lens import BasisKind, Lens
from audit.looks import Look
from core.principal import Channel, Scope
from core.statements import Row
from credit import records, subjects
from objections import cases, steps
from objections.kinds import (
    ObjectionGround,
    ObjectionOutcome,
    ObjectionRequest,
    ObjectionStatus,
    ObjectionTarget,
)
from oversight.supervision import complaints
from oversight.supervision.areas import Area, Inspector
from oversight.supervision.complaints import ComplaintMatter, ComplaintOutcome, ComplaintState
from parties import directory, lookup
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.inspection import inspector_of
from schema.objections import ObjectionStep
from schema.officers import by_staff, require
from schema.people import Party, SubjectCard
from schema.records import CreditRecord
from schema.stored import stored


@strawberry.type(description="A complaint in the department's list. Whose it is, is not said.")
class Complaint:
    """What was taken in, and how it stands."""

    row: strawberry.Private[Row]
    labels: strawberry.Private[Batch[str, str]]
    state: ComplaintState
    by_me: bool = strawberry.field(description="Whether the caller took it in: they look into it, another confirms it.")
    id: strawberry.ID = stored("id")
    number: str = stored("number", description="As it stands in the trail of whom it is about.")
    matter: ComplaintMatter = stored("matter")
    looks_since: date | None = stored("looks_since")
    looks_until: date | None = stored("looks_until")
    words: str = stored("words", description="As they were taken in; whom it is about reads them.")
    received_on: date = stored("received_on")
    registered_at: datetime = stored("registered_at")
    confirmed_at: datetime | None = stored("confirmed_at")
    until: datetime = stored(
        "until", description="Until when it is confirmed; once it is, until when it is looked into."
    )
    looks: int = stored("looks")
    outcome: ComplaintOutcome | None = stored("outcome")
    finding: str | None = stored("finding", description="What came of it; whom it is about reads it.")
    ended_at: datetime | None = stored("ended_at")

    @strawberry.field(description="Who took it in.")
    async def operator(self) -> str | None:
        """Read once for a page."""
        return await self.labels.get(self.row.staff_id)

    @classmethod
    def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Complaint"]:
        """How to make lines of these rows."""

        async def load(ids: Collection[str]) -> Mapping[str, str]:
            return await lookup.labels(context.unit, ids)

        labels = Batch({row.staff_id for row in rows}, load)

        def make(row: Row) -> Complaint:
            by_me = row.staff_id == context.caller.staff_id
            return cls(row=row, labels=labels, state=complaints.state_of(row, at=context.at), by_me=by_me)

        return make


async def complaints_page(
    info: Info, area: Area, is_open: bool, first: int, after: str | None
) -> Connection[Complaint]:
    """The department's own, newest first; for whoever may handle them."""
    context = info.context
    require(context, Scope.COMPLAINT_HANDLE)
    by = Inspector(context.party(), by_staff(context), area)
    request = context.page("Oversight.complaints", first, after, is_open)
    page = await complaints.page(context.unit, by, request, is_open=is_open, at=context.at)
    return connect(page, Complaint.behind(context, page.items))


@strawberry.type(description="How an objection was handled, for whoever looks into a complaint about it.")
class ComplainedCase:
    """A case."""

    row: strawberry.Private[Row]
    institution: Party | None
    number: str = stored("number")
    target: ObjectionTarget = stored("target")
    ground: ObjectionGround = stored("ground")
    request: ObjectionRequest = stored("request")
    status: ObjectionStatus = stored("status")
    text: str = stored("text")
    filed_at: datetime = stored("filed_at")
    due_on: date = stored("due_on")
    outcome: ObjectionOutcome | None = stored("outcome")
    reason: str | None = stored("reason")
    answered_at: datetime | None = stored("decided_at")
    notified_at: datetime | None = stored("notified_at")

    @strawberry.field(description="What was done in it, oldest first.")
    async def steps(self, info: Info) -> list[ObjectionStep]:
        """As its subject reads them."""
        found = await steps.of_several(info.context.unit, [self.row.id])
        return [ObjectionStep(row=row) for row in found[self.row.id]]


@strawberry.type(description="A look that an institution's staff had, for whoever looks into a complaint about it.")
class ComplainedLook:
    """A line of the trail, as the log has it."""

    row: strawberry.Private[Row]
    at: datetime = stored("at")
    institution: str | None = stored("actor_name")
    operator: str | None = stored("operator")
    basis: BasisKind = stored("basis")
    purpose: str = stored("purpose")
    channel: Channel = stored("channel")
    case_number: str | None = stored("case_number")
    record_count: int = stored("record_count")

    @strawberry.field(description="Whether it was refused: nothing was shown.")
    def refused(self) -> bool:
        """An attempt."""
        return bool(self.row.refused is not None)

    @strawberry.field(description="The schema fields and catalogue items that were reached.")
    def fields(self) -> list[str]:
        """As the person's own trail has them."""
        return [*self.row.fields, *self.row.codes]


@strawberry.input(description="Under which complaint.")
class ComplaintFileQueryInput:
    """One's own, confirmed and open."""

    complaint_id: strawberry.ID


@strawberry.type(
    description="What an open complaint is about, and nothing else: one record, one case, or some days' looks of the "
    "institutions' staff. Each reading is a look, which its subject sees."
)
class ComplaintFile:
    """What is looked at under one complaint."""

    complaint: strawberry.Private[Row]
    area: strawberry.Private[Area]
    lens: strawberry.Private[Lens]
    look: strawberry.Private[Look]
    number: str
    matter: ComplaintMatter
    until: datetime

    @classmethod
    async def of(cls, info: Info, query: ComplaintFileQueryInput) -> "ComplaintFile":
        """The complaint first, by the one statement that takes a look from it; then its subject."""
        context = info.context
        by = await inspector_of(context)
        row = await complaints.admit(context.writing, by, query.complaint_id, at=context.at)
        lens = complaints.lens_of(row)
        await subjects.behind(context.unit, lens)
        label = context.caller.staff_label
        look = context.look(info, lens, purpose=complaints.PURPOSE, operator=label, case_number=row.number)
        shown: dict[str, Any] = {"number": row.number, "matter": ComplaintMatter(row.matter), "until": row.until}
        return cls(complaint=row, area=by.area, lens=lens, look=look, **shown)

    @strawberry.field(description="This look's id in the log.")
    def look_id(self) -> strawberry.ID:
        """What is being written down while this is answered."""
        return strawberry.ID(self.look.id)

    @strawberry.field(description="Whom it is about.")
    async def subject(self, info: Info) -> SubjectCard:
        """The subject's card."""
        return SubjectCard.of(await subjects.behind(info.context.unit, self.lens))

    @strawberry.field(
        description="The record, as an organ sees it; null of another matter, and of what no organ may look up now."
    )
    async def record(self, info: Info) -> CreditRecord | None:
        """Counted in the look."""
        if self.matter is not ComplaintMatter.RECORD:
            return None
        row = await records.find(info.context.unit, self.lens, self.complaint.about_id, at=info.context.at)
        return CreditRecord.behind(self.lens, self.look)(row) if row is not None else None

    @strawberry.field(description="The objection's case; null of another matter.")
    async def case(self, info: Info) -> ComplainedCase | None:
        """How it was handled."""
        if self.matter is not ComplaintMatter.OBJECTION:
            return None
        row = await cases.find(info.context.unit, self.lens, self.complaint.about_id)
        if row is None:
            return None
        institution = await directory.find(info.context.unit, row.institution_id)
        return ComplainedCase(row=row, institution=Party.of(institution) if institution is not None else None)

    @strawberry.field(
        description="Looks of the area's institutions' staff in those days, newest first, without what an order "
        "withholds; null of another matter."
    )
    async def looks(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ComplainedLook] | None:
        """As they stand in the subject's trail."""
        if self.matter is not ComplaintMatter.LOOKS:
            return None
        context, row = info.context, self.complaint
        days = {"start": row.looks_since, "end": row.looks_until}
        wanted = trail.Filter(**days, by_institutions=True, district=self.area.code)
        request = context.page("ComplaintFile.looks", first, after, row.id)
        lens = await subjects.looked_at(context.unit, self.lens)
        page = await trail.page(context.unit, lens, request, wanted, at=context.at)
        return connect(page, lambda found: ComplainedLook(row=found))
