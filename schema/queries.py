"""The lenses: one root field per audience."""

from datetime import datetime

import strawberry

from core.errors import Detail, Invalid, NotAvailable
from core.statements import Row
from credit import subjects
from grants.scope import Purpose
from incentives import offers
from incentives.kinds import Sector
from parties import directory
from parties.kinds import PartyKind
from schema.agency import AgencyQueryInput, AgencyView
from schema.agency_work import AgencyWork
from schema.auditing import Auditing
from schema.complaints import ComplaintFile, ComplaintFileQueryInput
from schema.connection import Connection, connect
from schema.context import Info
from schema.counter import Counter, CounterTrail, CounterTrailQueryInput, clerk_of
from schema.glass import BrokenGlassQueryInput, BrokenGlassView
from schema.grants import ConsentNotice, ConsentNoticeQueryInput, GrantedQueryInput, GrantedView
from schema.handling import Handling
from schema.industry import Industry
from schema.inspection import SampledCase, SampledCaseQueryInput, SampledLook, SampledLookQueryInput, area_of
from schema.intake_review import IntakeReview
from schema.kiosk import Kiosk, KioskTrail, KioskTrailQueryInput, device_of
from schema.me import Me
from schema.membership import Approvals
from schema.offers import Offer
from schema.officers import handler, organ
from schema.organisation import Organisation
from schema.oversight import Oversight
from schema.partner import Partner
from schema.people import Party, Viewer
from schema.provider import Provider
from schema.recipient import Recipient
from schema.records import Omissions, PublishedView
from schema.reports import ReportCheck
from schema.security import Security
from schema.shared import SharedChanges, SharedQueryInput

_LONGEST_SEARCH = 60


@strawberry.input(description="Exactly one: the code, or the whole registered name.")
class PublishedQueryInput:
    """Which organisation."""

    uscc: str | None = None
    name: str | None = None


@strawberry.type(description="One root per audience.")
class Query:
    """Reading."""

    @strawberry.field(description="Who is signed in, for whom they act now, and for whom else they may act.")
    async def viewer(self, info: Info) -> Viewer:
        """The signed-in caller."""
        return await Viewer.of(info)

    @strawberry.field(description="The caller's own record (Art. 7): a person, or the organisation acted for.")
    async def me(self, info: Info) -> Me:
        """Oneself."""
        return await Me.of(info)

    @strawberry.field(description="Organisations' lawfully public items (Arts. 6(2), 8(1)); natural persons never.")
    async def published(self, info: Info, query: PublishedQueryInput) -> PublishedView | None:
        """An organisation's public face, or null: an absent organisation and a person look alike."""
        if (query.uscc is None) == (query.name is None):
            raise Invalid(Detail(("query",), "EXACTLY_ONE", "uscc, name"))
        found = await subjects.published(info.context.unit, uscc=query.uscc, name=query.name)
        if found is None:
            return None
        lens, subject, uscc = found
        as_of: datetime = info.context.at
        return PublishedView(lens=lens, omissions=Omissions(lens), name=subject.name, uscc=uscc, as_of=as_of)

    @strawberry.field(description="Live offers, the same for everyone (Art. 11).")
    async def offers(
        self,
        info: Info,
        sector: Sector | None = None,
        district: str | None = None,
        search: str | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Offer]:
        """Live offers, newest first."""
        context = info.context
        request = context.page("Query.offers", first, after, sector, district, _short(search))
        page = await offers.page(context.unit, request, sector=sector, district=district, search=search, at=context.at)
        return connect(page, Offer.live)

    @strawberry.field(description="One live offer, or null.")
    async def offer(self, info: Info, id: strawberry.ID) -> Offer | None:
        """An offer by id."""
        row = await offers.find(info.context.unit, id, at=info.context.at)
        return Offer.live(row) if row is not None else None

    @strawberry.field(description="Whom one can authorise.")
    async def parties(
        self,
        info: Info,
        kinds: list[PartyKind] | None = None,
        purpose: Purpose | None = None,
        search: str | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Party]:
        """Active parties that a subject may let look."""
        context = info.context
        names = None if kinds is None else [kind.value for kind in kinds]
        why = purpose.value if purpose else None
        request = context.page("Query.parties", first, after, names, why, _short(search))
        page = await directory.page(context.unit, request, kinds=names, purpose=why, search=search)
        return connect(page, Party.of)

    @strawberry.field(description="The notice in force, read before consenting.")
    async def consent_notice(self, info: Info, query: ConsentNoticeQueryInput) -> ConsentNotice:
        """The notice for these terms."""
        return await query.notice(info.context)

    @strawberry.field(
        description="What one grant lets its recipient see (Arts. 8, 10). One per document; the same attempt within "
        "ten minutes spends no further use."
    )
    async def granted(self, info: Info, query: GrantedQueryInput) -> GrantedView | None:
        """A recipient's look."""
        return await GrantedView.of(info, query)

    @strawberry.field(description="A recipient's own desk: its grants.")
    async def recipient(self, info: Info) -> Recipient:
        """The calling recipient."""
        party_id, row = await _own_party(info)
        return Recipient(party_id=party_id, party=Party.of(row))

    @strawberry.field(description="An organisation's own desk: its posts and its programs (Art. 13).")
    async def organisation(self, info: Info) -> Organisation:
        """The calling manager's organisation."""
        party_id, row = await _own_party(info)
        return Organisation(party_id=party_id, party=Party.of(row))

    @strawberry.field(description="A statutory look without a grant (Art. 6(1)). One per document.")
    async def agency(self, info: Info, query: AgencyQueryInput) -> AgencyView | None:
        """A state organ's look."""
        return await AgencyView.of(info, query)

    @strawberry.field(description="A state organ's own desk: mandates, batches, past looks, orders to withhold.")
    async def agency_work(self, info: Info) -> AgencyWork:
        """The calling organ."""
        return AgencyWork(party_id=await organ(info.context))

    @strawberry.field(description="A partner merchant's own desk; a till sees its own store.")
    async def partner(self, info: Info) -> Partner:
        """The calling merchant."""
        party_id, row = await _own_party(info)
        if row.kind != "PARTNER":
            raise NotAvailable()
        return Partner(party_id=party_id, store_id=info.context.caller.store_id, party=Party.of(row))

    @strawberry.field(description="An information provider's own desk (Arts. 2, 5).")
    async def provider(self, info: Info) -> Provider:
        """The calling provider."""
        party_id, row = await _own_party(info)
        if row.kind != PartyKind.PROVIDER.value:
            raise NotAvailable()
        return Provider(party_id=party_id, party=Party.of(row))

    @strawberry.field(description="Is this report genuine? For anyone who holds its number and code.")
    async def report_check(self, info: Info, number: str, code: str) -> ReportCheck:
        """A check."""
        return await ReportCheck.of(info, number, code)

    @strawberry.field(description="The service counter (Art. 8): a clerk's own cases of today.")
    async def counter(self, info: Info) -> Counter:
        """The calling clerk."""
        return Counter(clerk=clerk_of(info.context))

    @strawberry.field(description="A kiosk (Art. 8(2)): the calling device, and the visit that stands there.")
    async def kiosk(self, info: Info) -> Kiosk:
        """The calling device."""
        return Kiosk(device=await device_of(info.context))

    @strawberry.field(description="Who looked, in one visit to a kiosk: for paper. It is a look, and names its visit.")
    async def kiosk_trail(self, info: Info, query: KioskTrailQueryInput) -> KioskTrail | None:
        """A look of the one who stands there."""
        return await KioskTrail.of(info, query)

    @strawberry.field(description="Who looked, under one counter case: for paper. It is a look, and names its case.")
    async def counter_trail(self, info: Info, query: CounterTrailQueryInput) -> CounterTrail | None:
        """A clerk's look."""
        return await CounterTrail.of(info, query)

    @strawberry.field(
        description="A record opened in an emergency, without a case (Art. 13). It is a look, and names its statement."
    )
    async def broken_glass(self, info: Info, query: BrokenGlassQueryInput) -> BrokenGlassView | None:
        """A look of whoever made the statement."""
        return await BrokenGlassView.of(info, query)

    @strawberry.field(description="What changed inside one of an organ's shares (Art. 5), after a cursor.")
    async def shared(self, info: Info, query: SharedQueryInput) -> SharedChanges | None:
        """A look at each record in it."""
        return await SharedChanges.of(info, query)

    @strawberry.field(
        description="Objection handling (Art. 12), at the institution and at a credit service agency; and 人工复核."
    )
    async def handling(self, info: Info) -> Handling:
        """A handler's desk, who sees what is addressed to their organisation."""
        return Handling(officer=handler(info.context))

    @strawberry.field(description="What waits for a second pair of eyes.")
    async def approvals(self, info: Info) -> Approvals:
        """The institution's desk; its staff only, as the scope has seen to."""
        info.context.party()
        return Approvals()

    @strawberry.field(description="Rows of providers that wait for a person of the institution.")
    async def intake_review(self, info: Info) -> IntakeReview:
        """The reviewer's desk; the institution's staff only, as the scope has seen to."""
        info.context.party()
        return IntakeReview()

    @strawberry.field(description="What is unusual in staff's looks, and who looks into it (Art. 13).")
    async def security(self, info: Info) -> Security:
        """The institution's desk."""
        info.context.party()
        return Security()

    @strawberry.field(description="A department's industry models (Art. 9).")
    async def industry(self, info: Info) -> Industry:
        """The calling department's desk."""
        await organ(info.context)
        return Industry()

    @strawberry.field(description="Supervision (Art. 4): counts, never people.")
    async def oversight(self, info: Info) -> Oversight:
        """The calling supervisor's desk."""
        return Oversight(supervised=await area_of(info.context))

    @strawberry.field(
        description="A compliance auditor's desk (个人信息保护法 54): the log of a period, to be checked."
    )
    async def auditing(self, info: Info) -> Auditing:
        """The calling auditor's institution."""
        return Auditing(party_id=info.context.party())

    @strawberry.field(
        description="One look of a drawn sample: the work, and never whom it was at, whose trail says that it was read."
    )
    async def sampled_look(self, info: Info, query: SampledLookQueryInput) -> SampledLook | None:
        """A look of the department's own sample."""
        return await SampledLook.of(info, query)

    @strawberry.field(
        description="One case of a drawn sample: how it was handled, never whose it is; their trail says it was read."
    )
    async def sampled_case(self, info: Info, query: SampledCaseQueryInput) -> SampledCase | None:
        """A case of the department's own sample."""
        return await SampledCase.of(info, query)

    @strawberry.field(
        description="What a confirmed, open complaint of one's own is about, and nothing else. Its subject sees it."
    )
    async def complaint_file(self, info: Info, query: ComplaintFileQueryInput) -> ComplaintFile | None:
        """A look under the complaint."""
        return await ComplaintFile.of(info, query)


async def _own_party(info: Info) -> tuple[str, Row]:
    """The calling organisation and its card; raises `NotAvailable` for anybody who is no staff."""
    party_id = info.context.party()
    row = await directory.find(info.context.unit, party_id)
    if row is None:
        raise NotAvailable()
    return party_id, row


def _short(search: str | None) -> str | None:
    if search is not None and len(search) > _LONGEST_SEARCH:
        raise Invalid(Detail(("search",), "LENGTH", f"0..{_LONGEST_SEARCH}"))
    return search
