"""An objection as its subject sees it (Art. 12): what was said and brought, where it stands, and by when it is due."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime

import strawberry

from audit.lens import Lens
from audit.looks import Look
from core.statements import Row
from credit import corrections, records
from grants.printouts import PrintOutcome
from objections import cases, dates, evidence, filers, messages, outcomes, remedies, steps, verifications
from objections.kinds import (
    Delivery,
    DueCause,
    ObjectionAddressee,
    ObjectionGround,
    ObjectionOutcome,
    ObjectionPhase,
    ObjectionRequest,
    ObjectionStatus,
    ObjectionTarget,
    ObjectionTrack,
    Side,
    StopCause,
)
from objections.states import ObjectionAct
from parties import directory
from parties.kinds import MandateKind
from schema.clock_days import DAYS, ClockDay, days_of_several
from schema.connection import Connection, connect
from schema.context import Batch, Context, Info
from schema.people import Party
from schema.records import CreditRecord, Source
from schema.stored import derived, stored

Of = Mapping[str, Sequence[Row]]


def _printed(row: Row) -> PrintOutcome | None:
    was = steps.printed(row)
    return None if was is None else PrintOutcome.PRINTED if was else PrintOutcome.NOT_PRINTED


@strawberry.type(description="One step of a case. Which member of staff took it is not said.")
class ObjectionStep:
    """What was done, by which side."""

    row: strawberry.Private[Row]
    act: ObjectionAct = stored("act")
    side: Side = stored("side")
    at: datetime = stored("at")
    ground: ObjectionGround | None = derived(
        lambda row: steps.asked(row)["ground"], description="Of a filing that joined (`JOIN`): why it contests."
    )
    request: ObjectionRequest | None = derived(
        lambda row: steps.asked(row)["request"], description="Of a filing that joined (`JOIN`): what it asks for."
    )
    printed: PrintOutcome | None = derived(
        _printed, description="Of a letter at the counter (`PRINT`): what came of printing it."
    )


@strawberry.type(description="A date that was in force from `since` on: the last one is.")
class DueDate:
    """The last day for an answer, and why it was another one from then on."""

    row: strawberry.Private[Row]
    due_on: date = stored("due_on")
    since: datetime = stored("since")
    provisional: bool = stored("provisional", description="Counted over days that nobody has announced yet.")
    held: bool = stored("held", description="The clock stood: the day is the earliest that was possible.")
    cause: DueCause = stored("cause")


@strawberry.type(description="Days that do not count (Art. 12(4)), both included; open while `endedOn` is null.")
class ClockStop:
    """One stop of the clock."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    cause: StopCause = stored("cause")
    started_on: date = stored("started_on")
    ended_on: date | None = stored("ended_on")


@strawberry.type(description="Something that was said; the clock ran on. Identity numbers in it are masked.")
class ObjectionMessage:
    """One message between applicant and institution."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    side: Side = stored("side")
    text: str = stored("text")
    at: datetime = stored("at")


@strawberry.type(description="A paper in a case. It is downloaded by a ticket, and never shown in a page.")
class Evidence:
    """One file: by its content, whatever it was called."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    media_type: str = stored("media_type")
    size: int = stored("size")
    sha256: str = stored("sha256")
    brought_at: datetime = stored("brought_at")
    side: Side = stored("side")


@strawberry.type(description="异议申请 (Art. 12): what is contested, and what becomes of it.")
class Objection:
    """A case, as its subject sees it."""

    row: strawberry.Private[Row]
    parts: strawberry.Private["Parts"]
    overdue: bool = strawberry.field(description="Whether the answer came, or is, later than the date in force.")
    id: strawberry.ID = stored("id")
    number: str = stored("number")
    version: int = stored("version")
    rehears: strawberry.ID | None = stored(
        "rehears",
        description="The objection whose record was withheld since its provider was silent: it has answered, and that "
        "is heard again here. Until then the record stays withheld.",
    )
    target: ObjectionTarget = stored("target")
    target_id: strawberry.ID | None = stored("target_id")
    described: str | None = stored("described", description="What is missing.")
    ground: ObjectionGround = stored("ground")
    request: ObjectionRequest = stored("request")
    phase: ObjectionPhase | None = stored("phase", description="In which process the fault lay; its handler says so.")
    text: str = stored("text", description="As it was filed; identity numbers in it are masked.")
    status: ObjectionStatus = stored("status")
    track: ObjectionTrack = stored("track")
    addressee: ObjectionAddressee = stored("addressee")
    district: str | None = stored("district", description="行政区划代码 of its institution; null for the city's.")
    capacity: MandateKind = stored("capacity", description="In which capacity it was filed.")
    filed_at: datetime = stored("filed_at")
    due_at: datetime = stored(
        "due_at",
        description="The first instant that is too late; while the clock is `held`, the earliest that it can be.",
    )
    held: bool = stored("held", description="A stop is open: the clock stands, and nothing becomes late.")
    provisional_calendar: bool = stored("provisional")
    supplement_by: date | None = stored(
        "supplement_by", description="补交: until the end of this day evidence is waited for."
    )
    delivery: Delivery = stored("delivery")
    outcome: ObjectionOutcome | None = derived(lambda row: row.outcome if outcomes.is_said(row) else None)
    reason: str | None = derived(lambda row: row.reason if outcomes.is_said(row) else None)
    answered_at: datetime | None = derived(lambda row: row.decided_at if outcomes.is_said(row) else None)
    notified_at: datetime | None = stored("notified_at")

    @strawberry.field(
        description="Working days left after today: 0 on the last day, below 0 for each that has passed since; of a "
        "case that is over, those that were left."
    )
    async def workdays_left(self) -> int:
        """By the calendar as it stands, without the days inside a stop."""
        return await self.parts.left.get(self.row.id) or 0

    @strawberry.field(description="Who filed it, by name; null where one did so oneself.")
    async def applicant(self) -> str | None:
        """Read once for a page."""
        return await self.parts.applicants.get(self.row.id)

    @strawberry.field(description="Who handles it.")
    async def institution(self) -> str:
        """The organisation's name, read once for a page."""
        return str((await self.parts.cards(self.row.institution_id)).name)

    @strawberry.field(description="The contested record as it stands; null of any other target.")
    async def record(self, info: Info) -> CreditRecord | None:
        """Behind the subject's own lens."""
        row = await self._record(info.context)
        return CreditRecord.behind(self.parts.lens, self.parts.look)(row) if row is not None else None

    @strawberry.field(description="Who sent the contested record.")
    async def source(self, info: Info) -> Source | None:
        """The information source (Art. 12(3))."""
        row = await self._record(info.context)
        return Source(row=row) if row is not None else None

    async def _record(self, context: Context) -> Row | None:
        if self.row.target != ObjectionTarget.RECORD.value:
            return None
        return await records.find(context.unit, self.parts.lens, self.row.target_id, at=context.at)

    @strawberry.field(description="Who was told that what they may have seen was wrong.")
    async def informed(self, info: Info) -> list[Party]:
        """Since it was filed."""
        if self.row.target != ObjectionTarget.RECORD.value:
            return []
        unit = info.context.unit
        since, at = self.row.filed_at, info.context.at
        ids = await corrections.informed(unit, self.parts.lens, self.row.target_id, since=since, at=at)
        cards = await directory.cards(unit, ids)
        return [Party.of(cards[id_]) for id_ in sorted(cards)]

    @strawberry.field(description="Every date that was in force, the first one first.")
    async def due_dates(self) -> list[DueDate]:
        """Read once for a page."""
        return [DueDate(row=row) for row in await self.parts.dates.get(self.row.id) or ()]

    @strawberry.field(description=DAYS)
    async def days(self) -> list[ClockDay]:
        """Read once for a page."""
        return list(await self.parts.days.get(self.row.id) or ())

    @strawberry.field(description="Every stop of the clock.")
    async def stops(self) -> list[ClockStop]:
        """Read once for a page."""
        return [ClockStop(row=row) for row in await self.parts.stops.get(self.row.id) or ()]

    @strawberry.field(description="What was said to the institution and by it, oldest first.")
    async def messages(self) -> list[ObjectionMessage]:
        """Read once for a page."""
        return [ObjectionMessage(row=row) for row in await self.parts.messages.get(self.row.id) or ()]

    @strawberry.field(description="The applicant's papers, oldest first.")
    async def evidence(self) -> list[Evidence]:
        """Read once for a page; what others brought is theirs to show."""
        rows = await self.parts.papers.get(self.row.id) or ()
        return [Evidence(row=row) for row in rows if row.side == Side.APPLICANT.value]

    @strawberry.field(description="What was done in it, oldest first.")
    async def steps(self) -> list[ObjectionStep]:
        """Read once for a page."""
        return [ObjectionStep(row=row) for row in await self.parts.steps.get(self.row.id) or ()]

    @strawberry.field(description="救济途径: what can be done about the answer; null before there is one.")
    async def remedy(self, info: Info) -> str | None:
        """As the institution said it when it answered."""
        answered = self.row.approved_at or self.row.decided_at
        if answered is None:
            return None
        return await remedies.in_force(info.context.unit, self.row.institution_id, at=answered)

    @strawberry.field(description="Whether the letter with the answer can be fetched.")
    def letter_ready(self) -> bool:
        """Once it is set."""
        return self.row.letter_id is not None


class Parts:
    """What a page of cases is shown with, each read once when the first of them asks."""

    def __init__(self, context: Context, lens: Lens, look: Look, rows: Collection[Row]) -> None:
        self.lens, self.look = lens, look
        ids = [row.id for row in rows]
        self.dates = Batch(ids, lambda wanted: dates.dates_of_several(context.unit, wanted))
        self.applicants = Batch(ids, lambda _wanted: filers.names_of(context.unit, rows))
        self.days = Batch(ids, lambda _wanted: days_of_several(context.unit, rows, at=context.at))
        self.stops = Batch(ids, lambda wanted: dates.stops_of_several(context.unit, wanted))
        self.left = Batch(ids, lambda _wanted: dates.left_of_several(context.unit, rows, at=context.at))
        # Whoever handles a case that hears another one again reads what was said and brought in that one too.
        bearing = {id_ for row in rows for id_ in verifications.cases_of(row)}
        self.papers = Batch(bearing, lambda wanted: evidence.of_several(context.unit, wanted))
        self.steps = Batch(ids, lambda wanted: steps.of_several(context.unit, wanted))
        self.messages = Batch(bearing, lambda wanted: messages.of_several(context.unit, wanted, thread=Side.APPLICANT))
        self._cards = Batch({row.institution_id for row in rows}, lambda wanted: directory.cards(context.unit, wanted))

    async def cards(self, party_id: str) -> Row:
        """An institution's card; raises `KeyError` for none of these."""
        row = await self._cards.get(party_id)
        if row is None:
            raise KeyError(party_id)
        return row


def shown(context: Context, lens: Lens, look: Look, rows: Collection[Row]) -> Callable[[Row], Objection]:
    """How to make objections of these rows of the lens's subject."""
    parts = Parts(context, lens, look, rows)
    return lambda row: Objection(row=row, parts=parts, overdue=dates.is_late(row, at=context.at))


async def objections_page(info: Info, lens: Lens, look: Look, first: int, after: str | None) -> Connection[Objection]:
    """The subject's own, newest first."""
    context = info.context
    page = await cases.of_subject(context.unit, lens, context.page("Me.objections", first, after))
    return connect(page, shown(context, lens, look, page.items))
