"""Who is signed in, and how subjects and parties are shown."""

from datetime import date
from typing import Any

import strawberry
from sqlalchemy import Row

from audit.lens import Audience, BasisKind, Lens
from core.identity import IdentityType
from core.principal import Assurance
from credit import subjects
from credit.kinds import SubjectKind
from grants.scope import Purpose
from parties import mandates
from parties.kinds import MandateKind, PartyKind
from schema.connection import Connection, Edge, PageInfo
from schema.context import Info


@strawberry.type(description="An identity number, only ever masked.")
class Identity:
    """A number as a screen may show it."""

    type: IdentityType
    masked: str


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

    id: strawberry.ID
    name: str
    kind: PartyKind
    contact: str
    purposes: list[Purpose]

    @classmethod
    def of(cls, row: Row[Any]) -> "Party":
        """The card of a party's row."""
        return cls(
            id=strawberry.ID(row.id),
            name=row.name,
            kind=PartyKind(row.kind),
            contact=row.contact,
            purposes=[Purpose(purpose) for purpose in row.purposes],
        )


@strawberry.type(description="A live right to act for a subject.")
class Mandate:
    """For whom one may act, and until when."""

    id: strawberry.ID
    kind: MandateKind
    subject: SubjectCard
    valid_until: date | None


@strawberry.type(description="Who is signed in.")
class Viewer:
    """The signed-in person and the subject they act for."""

    lens: strawberry.Private[Lens]
    name: str
    acting_for: SubjectCard
    assurance: Assurance

    @classmethod
    async def of(cls, info: Info) -> "Viewer":
        """The viewer behind the context's caller; raises `NotAvailable` for staff, who are no subjects here."""
        context = info.context
        acting = await subjects.behind(context.unit, context.own())
        person = Lens(Audience.SUBJECT, BasisKind.SELF, context.caller.person_id or "")
        name = acting.name
        if person.subject_id != acting.id:
            name = (await subjects.behind(context.unit, person)).name
        return cls(
            lens=person, name=name, acting_for=SubjectCard.of(acting), assurance=context.caller.principal.assurance
        )

    @strawberry.field(description="For whom else the person may act.")
    async def mandates(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Mandate]:
        """Live mandates; nobody has more than a page of them."""
        context = info.context
        request = context.page("Viewer.mandates", first, after)
        rows = await mandates.live(context.unit, self.lens.subject_id, at=context.at)
        start = request.sealer.open(after)[0] if after is not None else ""
        rows = [row for row in rows if row.id > start]
        lenses = [Lens(Audience.SUBJECT, BasisKind.MANDATE, row.subject_id) for row in rows[:first]]
        cards = await subjects.cards(context.unit, lenses)
        edges = [
            Edge(
                cursor=request.sealer.seal([row.id]),
                node=Mandate(
                    id=strawberry.ID(row.id),
                    kind=MandateKind(row.kind),
                    subject=SubjectCard.of(cards[row.subject_id]),
                    valid_until=row.valid_until,
                ),
            )
            for row in rows[:first]
        ]
        end = edges[-1].cursor if edges else None
        return Connection(edges=edges, page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=end))
