"""A kiosk (Art. 8(2)): the device, the visit that stands there, and the trail that somebody takes home on paper."""

from datetime import datetime

import strawberry

from audit.lens import Lens
from audit.looks import Look
from core.principal import Channel
from core.statements import Row
from credit import reports, subjects
from grants import kiosk
from grants.card_reading import CardReader, HolderCheck, KioskDocument
from grants.kiosk import Device
from grants.printouts import PrintOutcome
from parties import devices
from schema.access import Access, on_paper
from schema.connection import Connection
from schema.context import Context, Info
from schema.officers import by_staff
from schema.stored import stored


async def device_of(context: Context) -> Device:
    """The kiosk that calls; raises `NotAvailable` for anybody else."""
    caller, staff_id = context.caller, by_staff(context)
    epoch = await devices.epoch_of(context.unit, staff_id, caller.principal.client_key)
    return Device(context.party(), staff_id, epoch, caller.staff_label or "")


def begin_look(info: Info, visit: Row, lens: Lens, purpose: str) -> Look:
    """Begin a look in a visit: it names the visit and the device, and came through a kiosk whatever the token says."""
    operator = info.context.caller.staff_label
    look = info.context.look(info, lens, purpose=purpose, operator=operator, case_number=visit.number)
    look.channel = Channel.KIOSK
    return look


@strawberry.type(description="What reads documents at this installation's kiosks.")
class KioskReader:
    """A reader. Whose document it is, it checks in one of these ways; a face is never the only one."""

    name: str
    offers: list[HolderCheck]

    @classmethod
    def of(cls, reader: CardReader) -> "KioskReader":
        """As the screen names it."""
        return cls(name=reader.name, offers=list(reader.offers))


@strawberry.type(
    description="A report that was issued in a visit. It can be printed again as long as the visit stands."
)
class KioskPrint:
    """A printout."""

    report_number: str
    code: str = strawberry.field(description="What is typed to check it.")
    data: str = strawberry.field(description="What it says, as canonical JSON with `layout`: what the page prints.")
    id: strawberry.ID = stored("id")
    outcome: PrintOutcome | None = stored("outcome")
    begun_at: datetime = stored("begun_at")
    row: strawberry.Private[Row]

    @classmethod
    async def of(cls, context: Context, visit: Row, row: Row) -> "KioskPrint":
        """A printout of a visit that stands, with all that goes on the sheet."""
        found = await reports.in_case(context.unit, kiosk.lens_of(visit), row.report_id)
        return cls(
            row=row,
            report_number=found.number,
            code=reports.code_of(context.unit, found),
            data=reports.snapshot_of(context.unit, found),
        )


@strawberry.type(
    description="A visit to a kiosk, as its device sees it. Nothing in it says who stands there; it is over by itself."
)
class KioskVisit:
    """A visit."""

    row: strawberry.Private[Row]
    device: strawberry.Private[Device]
    over: bool
    looks_left: int
    id: strawberry.ID = stored("id")
    number: str = stored("number")
    document: KioskDocument = stored("document")
    until: datetime = stored("until", description="When it is over by itself, unless somebody touches the screen.")
    latest: datetime = stored("latest", description="When it is over in any case.")

    @classmethod
    def of(cls, context: Context, device: Device, row: Row) -> "KioskVisit":
        """A visit from its row."""
        over, left = kiosk.is_over(row, device, context.at), kiosk.MOST_LOOKS - row.looks
        return cls(row=row, device=device, over=over, looks_left=left)

    @strawberry.field(description="What was issued in it, oldest first; nothing once it is over.")
    async def prints(self, info: Info) -> list[KioskPrint]:
        """For printing once more."""
        if self.over:
            return []
        rows = await kiosk.prints_of(info.context.unit, self.row)
        return [await KioskPrint.of(info.context, self.row, row) for row in rows]


@strawberry.type(
    description="A kiosk (Art. 8(2)): the calling device. It looks nobody up, and serves who stands there."
)
class Kiosk:
    """A device."""

    device: strawberry.Private[Device]

    @strawberry.field(description="Its own id: for whom its reader states what was read.")
    def id(self) -> strawberry.ID:
        """The device's."""
        return strawberry.ID(self.device.staff_id)

    @strawberry.field(description="What it is called.")
    def label(self) -> str:
        """As its institution calls it."""
        return self.device.label

    @strawberry.field(description="Its reader; null where the installation has none.")
    def reader(self, info: Info) -> KioskReader | None:
        """As configured."""
        return KioskReader.of(info.context.reader) if info.context.reader is not None else None

    @strawberry.field(description="The visit that stands here. One that is over, another's and none are the same.")
    async def visit(self, info: Info, id: strawberry.ID) -> KioskVisit:
        """Its own."""
        context = info.context
        return KioskVisit.of(context, self.device, await kiosk.standing(context.unit, self.device, id, at=context.at))


@strawberry.input(description="In which visit.")
class KioskTrailQueryInput:
    """A visit that stands here."""

    visit_id: strawberry.ID


@strawberry.type(description="Who looked, for somebody who stands at a kiosk with their own document.")
class KioskTrail:
    """A trail to be printed."""

    lens: strawberry.Private[Lens]
    look: strawberry.Private[Look]
    visit_number: str

    @classmethod
    async def of(cls, info: Info, query: KioskTrailQueryInput) -> "KioskTrail":
        """The visit first, by the one statement that takes a look from it; then its subject."""
        context = info.context
        device = await device_of(context)
        row = await kiosk.admit(context.writing, device, query.visit_id, at=context.at)
        lens = await subjects.looked_at(context.unit, kiosk.lens_of(row))
        await subjects.behind(context.unit, lens)
        return cls(lens=lens, look=begin_look(info, row, lens, kiosk.TRAIL), visit_number=row.number)

    @strawberry.field(description="This look's id in the log.")
    def look_id(self) -> strawberry.ID:
        """What is being written down while this is answered."""
        return strawberry.ID(self.look.id)

    @strawberry.field(description="Who looked, newest first, as its subject reads it.")
    async def access_history(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Access]:
        """The trail, own looks left out."""
        return await on_paper(info.context, self.lens, "KioskTrail.accessHistory", first, after)
