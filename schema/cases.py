"""A contested case as whoever handles or approves it sees it; in a list nobody reads whose it is."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

import strawberry

from audit.lens import Audience, BasisKind, Lens
from audit.looks import Look
from core.paging import Page
from core.statements import Row
from credit import contesting, subjects
from objections import dates, verifications, verifying
from objections.kinds import (
    Delivery,
    ObjectionGround,
    ObjectionOutcome,
    ObjectionPhase,
    ObjectionRequest,
    ObjectionStatus,
    ObjectionTarget,
    ObjectionTrack,
)
from objections.moving import Officer
from parties import lookup
from parties.kinds import MandateKind
from schema.clock_days import DAYS, ClockDay
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.industry_results import IndustryResult, result_of
from schema.objections import ClockStop, DueDate, Evidence, ObjectionMessage, ObjectionStep, Parts
from schema.officers import by_staff
from schema.people import SubjectCard
from schema.records import CreditRecord
from schema.stored import stored
from schema.verifications import Verification

PURPOSE = "OBJECTION"


@strawberry.type(description="A case in the list of those who handle it. Whose it is, is not said.")
class Case:
    """An objection, as a line of work."""

    row: strawberry.Private[Row]
    labels: strawberry.Private[Batch[str, str]]
    overdue: bool
    opened: bool = strawberry.field(description="Whether somebody handles it.")
    by_me: bool = strawberry.field(description="Whether the caller handles it: nobody else reads it.")
    workdays_left: int = strawberry.field(
        description="Working days after today: 0 on the last day, below 0 for each that has passed since."
    )
    id: strawberry.ID = stored("id")
    version: int = stored("version")
    number: str = stored("number")
    target: ObjectionTarget = stored("target")
    ground: ObjectionGround = stored("ground")
    request: ObjectionRequest = stored("request")
    status: ObjectionStatus = stored("status")
    track: ObjectionTrack = stored("track")
    outcome: ObjectionOutcome | None = stored("outcome")
    filed_at: datetime = stored("filed_at")
    due_at: datetime = stored("due_at")
    held: bool = stored("held", description="A stop is open: the clock stands.")
    provisional_calendar: bool = stored("provisional")

    @strawberry.field(description="Who handles it, as their organisation calls them.")
    async def handler(self) -> str | None:
        """Read once for a page."""
        return await self.labels.get(self.row.handler_id) if self.row.handler_id else None

    @classmethod
    async def behind(cls, context: Context, rows: Collection[Row]) -> Callable[[Row], "Case"]:
        """How to make cases of these rows."""
        left = await dates.left_of_several(context.unit, rows, at=context.at)

        async def load(ids: Collection[str]) -> Mapping[str, str]:
            return await lookup.labels(context.unit, ids)

        labels = Batch({row.handler_id for row in rows if row.handler_id}, load)

        def make(row: Row) -> Case:
            late, days = dates.is_late(row, at=context.at), left[row.id]
            held = {"opened": row.handler_id is not None, "by_me": row.handler_id == context.caller.staff_id}
            return cls(row=row, labels=labels, overdue=late, workdays_left=days, **held)

        return make

    @classmethod
    async def of(cls, context: Context, row: Row) -> "Case":
        """One case."""
        return (await cls.behind(context, [row]))(row)


async def cases_page(context: Context, page: Page[Row]) -> Connection[Case]:
    """A page of cases."""
    return connect(page, await Case.behind(context, page.items))


@strawberry.type(description="What was contested, in the applicant's words, what was said and brought, and its clock.")
class HandledObjection:
    """An objection's own content, as its handler reads it."""

    row: strawberry.Private[Row]
    parts: strawberry.Private[Parts]
    text: str = stored("text")
    described: str | None = stored("described", description="What is missing, in the applicant's words.")
    capacity: MandateKind = stored("capacity", description="In which capacity it was filed.")
    district: str | None = stored("district")
    phase: ObjectionPhase | None = stored("phase")
    delivery: Delivery = stored("delivery")
    supplement_by: date | None = stored("supplement_by")
    forwarded_at: datetime | None = stored("forwarded_at")
    outcome: ObjectionOutcome | None = stored("outcome")
    reason: str | None = stored("reason")
    answered_at: datetime | None = stored("decided_at")
    notified_at: datetime | None = stored("notified_at")

    @strawberry.field(description="Who filed it, by name, where that is not its subject.")
    async def applicant(self) -> str | None:
        """Read once for a page."""
        return await self.parts.applicants.get(self.row.id)

    @strawberry.field(description="Every date that was in force, the first one first.")
    async def due_dates(self) -> list[DueDate]:
        """As the subject reads them."""
        return [DueDate(row=row) for row in await self.parts.dates.get(self.row.id) or ()]

    @strawberry.field(description=DAYS)
    async def days(self) -> list[ClockDay]:
        """Read once for a page."""
        return list(await self.parts.days.get(self.row.id) or ())

    @strawberry.field(description="Every stop of the clock.")
    async def stops(self) -> list[ClockStop]:
        """As the subject reads them."""
        return [ClockStop(row=row) for row in await self.parts.stops.get(self.row.id) or ()]

    @strawberry.field(description="What was said to the applicant and by them, oldest first.")
    async def messages(self) -> list[ObjectionMessage]:
        """In the case that it hears again too."""
        bearing = reversed(verifications.cases_of(self.row))
        return [ObjectionMessage(row=row) for id_ in bearing for row in await self.parts.messages.get(id_) or ()]

    @strawberry.field(description="Every paper, whoever brought it, oldest first.")
    async def evidence(self) -> list[Evidence]:
        """The provider's too, and those of the case that it hears again."""
        bearing = reversed(verifications.cases_of(self.row))
        return [Evidence(row=row) for id_ in bearing for row in await self.parts.papers.get(id_) or ()]

    @strawberry.field(description="What was done in it, oldest first.")
    async def steps(self) -> list[ObjectionStep]:
        """As the subject reads them."""
        return [ObjectionStep(row=row) for row in await self.parts.steps.get(self.row.id) or ()]


@strawberry.type(description="What a record said, from when to when.")
class RecordVersion:
    """One version that is kept."""

    record: CreditRecord
    said_since: datetime | None
    replaced_at: datetime


def look_of(info: Info, row: Row) -> tuple[Lens, Look]:
    """Begin a look on the basis of a case that the caller may read."""
    context = info.context
    audience = Audience.ORGAN if context.caller.credit_institution else Audience.RECIPIENT
    lens = Lens(audience, BasisKind.OBJECTION, row.subject_id, categories=frozenset())
    label = context.caller.staff_label
    return lens, context.look(info, lens, purpose=PURPOSE, operator=label, case_number=row.number)


@strawberry.type(description="A case that its reader handles: reading it is a look, which its subject sees.")
class CaseFile:
    """A case with whose it is, and the contested value."""

    lens: strawberry.Private[Lens]
    look: strawberry.Private[Look]
    row: strawberry.Private[Row]
    case: Case
    objection: HandledObjection

    @classmethod
    async def of(cls, info: Info, row: Row) -> "CaseFile":
        """The file of a case that the caller may read."""
        context = info.context
        lens, look = look_of(info, row)
        objection = HandledObjection(row=row, parts=Parts(context, lens, look, [row]))
        return cls(lens=lens, look=look, row=row, case=await Case.of(context, row), objection=objection)

    @strawberry.field(description="Whose case it is.")
    async def subject(self, info: Info) -> SubjectCard:
        """The subject's card."""
        return SubjectCard.of(await subjects.behind(info.context.unit, self.lens))

    @strawberry.field(
        description="The contested record as it stands; null of anything else, and to an agency of what nobody may "
        "look up any more."
    )
    async def record(self, info: Info) -> CreditRecord | None:
        """Counted in the look."""
        row = await contesting.find(info.context.unit, self.lens, self._record_id, at=info.context.at)
        return CreditRecord.behind(self.lens, self.look)(row) if row is not None else None

    @strawberry.field(description="The contested result of an industry model; null of anything else, and to an agency.")
    async def industry_result(self, info: Info) -> IndustryResult | None:
        """With each part of its sum."""
        context = info.context
        if self.row.target != ObjectionTarget.INDUSTRY_RESULT.value or not context.caller.credit_institution:
            return None
        return await result_of(context, await subjects.looked_at(context.unit, self.lens), self.row.target_id)

    @strawberry.field(description="What its provider was asked last, and what it said.")
    async def verification(self, info: Info) -> Verification | None:
        """Null where nobody was asked."""
        officer = Officer(info.context.party(), by_staff(info.context))
        row = await verifying.of_case(info.context.unit, officer, self.row.id)
        return Verification.behind(info.context, [row])(row) if row is not None else None

    @strawberry.field(description="What it said before, newest first; the institution's alone.")
    async def versions(self, info: Info) -> list[RecordVersion]:
        """Each counted in the look."""
        make = CreditRecord.behind(self.lens, self.look)
        found = await contesting.earlier(info.context.unit, self.lens, self._record_id)
        return [
            RecordVersion(record=make(was), said_since=kept.said_since, replaced_at=kept.replaced_at)
            for kept, was in found
        ]

    @property
    def _record_id(self) -> str | None:
        return self.row.target_id if self.row.target == ObjectionTarget.RECORD.value else None
