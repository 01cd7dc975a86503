"""Who is signed in, and how subjects and parties are shown."""

from datetime import date, datetime

import strawberry

from audit.lens import Audience, BasisKind, Lens
from core.errors import NotAvailable
from core.identity import IdentityType
from core.paging import Page
from core.principal import Assurance
from core.statements import Row
from credit import subjects
from credit.kinds import SubjectKind
from grants.scope import Purpose
from parties import directory, mandates
from parties.kinds import MandateKind, PartyKind
from schema.acting import own_lens, own_look, ward_look
from schema.connection import Connection, connect
from schema.context import Info
from schema.stored import stored
from schema.subscriptions import cursor_now

_NO_NUMBER = "—"


@strawberry.type(description="An identity number, only ever masked.")
class Identity:
    """A number as a screen may show it."""

    type: IdentityType
    masked: str


@strawberry.type(description="Who one was before a change of name or number, on what it rests, and who said so.")
class FormerIdentity:
    """Name and number as they stood together until a day."""

    name: str
    identity: Identity
    until: date = strawberry.field(description="From this day on the other one holds.")
    basis: str
    source: str

    @classmethod
    def of(cls, former: subjects.Former) -> "FormerIdentity":
        """A former name and number."""
        number = Identity(type=former.identity_type, masked=former.masked)
        return cls(name=former.name, identity=number, until=former.until, basis=former.basis, source=former.source)


@strawberry.type(description="A subject in one line.")
class SubjectCard:
    """A subject's name, masked number and kind."""

    name: str
    identity: Identity
    kind: SubjectKind

    @classmethod
    def of(cls, subject: subjects.Subject) -> "SubjectCard":
        """The card of a subject."""
        return cls(
            name=subject.name, identity=Identity(type=subject.identity_type, masked=subject.masked), kind=subject.kind
        )


@strawberry.type(description="An organisation that takes part.")
class Party:
    """An organisation as anyone may read about it."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    name: str = stored("name")
    kind: PartyKind = stored("kind")
    contact: str = stored("contact")
    purposes: list[Purpose] = stored("purposes")

    @classmethod
    def of(cls, row: Row) -> "Party":
        """The card of a party's row."""
        return cls(row=row)


@strawberry.type(description="A live right to act for a subject.")
class Mandate:
    """For whom one may act, and until when."""

    row: strawberry.Private[Row]
    subject: SubjectCard
    id: strawberry.ID = stored("id")
    kind: MandateKind = stored("kind")
    valid_until: date | None = stored("valid_until")


@strawberry.type(description="What one shows to whoever wants one's help, as a QR code. It says nothing by itself.")
class HelperOffer:
    """An offer to help, good for ten minutes."""

    code: str
    valid_until: datetime


@strawberry.type(description="Who is signed in.")
class Viewer:
    """The signed-in person and the subject they act for; or a staff member and their organisation."""

    lens: strawberry.Private[Lens | None]
    name: str
    acting_for: SubjectCard
    assurance: Assurance
    party: Party | None = strawberry.field(description="The organisation whose staff is signed in.")

    @strawberry.field(description="Where changes stand now: what is read with it is followed by `changes(after:)`.")
    async def changes_cursor(self, info: Info) -> str:
        """A position from which nothing is missed."""
        return await cursor_now(info.context)

    @classmethod
    async def of(cls, info: Info) -> "Viewer":
        """The viewer behind the context's caller."""
        context, caller = info.context, info.context.caller
        if caller.staff_id is not None:
            return await cls._staff(info)
        lens = own_lens(context)
        acting = await subjects.behind(context.unit, lens)
        if lens.basis is BasisKind.MANDATE and "Viewer.actingFor" in context.reach(info).coordinates:
            own_look(info, lens)
        person = Lens(Audience.SUBJECT, BasisKind.SELF, caller.person_id or "")
        name = acting.name
        if person.subject_id != acting.id:
            name = (await subjects.behind(context.unit, person)).name
        return cls(
            lens=person,
            name=name,
            acting_for=SubjectCard.of(acting),
            assurance=caller.principal.assurance,
            party=None,
        )

    @classmethod
    async def _staff(cls, info: Info) -> "Viewer":
        """A staff member by their label. An organisation that is no subject here has no number to show."""
        caller = info.context.caller
        card = await directory.find(info.context.unit, info.context.party())
        if card is None:
            raise NotAvailable()
        nothing = Identity(type=IdentityType.USCC, masked=_NO_NUMBER)
        return cls(
            lens=None,
            name=caller.staff_label or "",
            acting_for=SubjectCard(name=card.name, identity=nothing, kind=SubjectKind.LEGAL_PERSON),
            assurance=caller.principal.assurance,
            party=Party.of(card),
        )

    @strawberry.field(description="For whom else the person may act.")
    async def mandates(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Mandate]:
        """Live mandates for organisations and for people; nobody has more than a page of them, and staff have none."""
        context = info.context
        request = context.page("Viewer.mandates", first, after)
        rows = await mandates.live(context.unit, self.lens.subject_id, at=context.at) if self.lens else ()
        start = request.sealer.open(after)[0] if after is not None else ""
        rows = [row for row in rows if row.id > start]
        shown = rows[:first]
        lenses = [Lens(Audience.SUBJECT, BasisKind.MANDATE, row.subject_id) for row in shown]
        cards = await subjects.cards(context.unit, lenses)
        if "Mandate.subject" in context.reach(info).coordinates:
            for row, lens in zip(shown, lenses, strict=True):
                if row.party_id is None:  # another person, who is told who looked; an organisation's is one's own
                    ward_look(info, lens, row.kind)
        page = Page(shown, len(rows) > first, lambda row: request.sealer.seal([row.id]))
        return connect(page, lambda row: Mandate(row=row, subject=SubjectCard.of(cards[row.subject_id])))

    @strawberry.field(description="What to show to somebody who wants one's help; null for whoever acts for another.")
    def helper_offer(self, info: Info) -> HelperOffer | None:
        """A code that says who offers, to this service alone."""
        caller = info.context.caller
        if caller.person_id is None or caller.person_id != caller.subject_id:
            return None
        code, until = mandates.offer(info.context.unit.vault, caller.person_id, at=info.context.at)
        return HelperOffer(code=code, valid_until=until)
