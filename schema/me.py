"""The caller's own view (Art. 7): a person, or the organisation the caller acts for."""

from dataclasses import replace
from datetime import date
from typing import Annotated

import strawberry

from audit import trail
from audit.lens import BasisKind, Lens
from audit.looks import Look
from core.errors import NotAvailable
from core.statements import Row
from credit import corrections, oneself, records, reports, residence, score, subjects
from credit.kinds import ScoreStatus, SubjectKind
from grants import deciding, listing
from grants.scope import GrantStatus
from incentives import claims, deferrals
from incentives.kinds import ClaimStatus, Sector
from incentives.matching import Cell
from notices import inbox
from objections import cases
from parties import mandates
from parties.kinds import MandateKind
from schema import previewing
from schema.access import Access
from schema.acting import own_lens, own_look
from schema.connection import Connection, assemble, connect
from schema.context import Info
from schema.corrections import Correction
from schema.evaluation import PublicCreditEvaluation, evaluation_of
from schema.exports import Export, exports_page
from schema.grant_terms import GrantTermsInput
from schema.grants import Grant
from schema.helpers import Helper, helpers_of
from schema.industry_results import IndustryResult, result_of, results_page
from schema.notices import Notice
from schema.objections import Objection, objections_page, shown
from schema.offers import Claim, MyOffer, standing_of
from schema.people import FormerIdentity, Identity
from schema.records import CreditRecord, RecordFilter, records_page
from schema.reports import Report
from schema.residence import Residence
from schema.reviews import ScoreReview, reviews_page
from schema.score import HaiheScore

_OPEN = ScoreStatus.OPEN.value


@strawberry.type(description="The caller's own record (Art. 7).")
class Me:
    """Oneself. Every field goes through one lens, and one look is logged for all of them."""

    lens: strawberry.Private[Lens]
    look: strawberry.Private[Look]
    subject: strawberry.Private[subjects.Subject]
    scored: strawberry.Private[Row | None]
    own: strawberry.Private[oneself.Oneself]

    @classmethod
    async def of(cls, info: Info) -> "Me":
        """The caller's own lens, opened. Raises `NotAvailable` for a caller who is no subject."""
        context = info.context
        lens = own_lens(context)
        own = await oneself.read(context.unit, lens, at=context.at)
        if own.subject.absorbed:
            lens = replace(lens, absorbed=own.subject.absorbed)
        return cls(lens=lens, look=own_look(info, lens), subject=own.subject, scored=own.scored, own=own)

    def _open_score(self) -> Row | None:
        """The score's row, unless it is not open."""
        row = self.scored
        return row if row is not None and row.status == _OPEN else None

    @strawberry.field(description="An opaque id.")
    def id(self) -> strawberry.ID:
        """The subject's id."""
        return strawberry.ID(self.subject.id)

    @strawberry.field(description="What kind of subject.")
    def kind(self) -> SubjectKind:
        """The subject's kind."""
        return self.subject.kind

    @strawberry.field(description="The full name.")
    def name(self) -> str:
        """The subject's name."""
        return self.subject.name

    @strawberry.field(description="The identity number, masked.")
    def identity(self) -> Identity:
        """The subject's number."""
        return Identity(type=self.subject.identity_type, masked=self.subject.masked)

    @strawberry.field(description="Who one was before a change of name or number, oldest first.")
    async def formerly(self, info: Info) -> list[FormerIdentity]:
        """Former names and numbers."""
        return [FormerIdentity.of(one) for one in await subjects.formerly(info.context.unit, self.lens)]

    @strawberry.field(description="Where one's 海河分 stands.")
    def score_status(self, info: Info) -> ScoreStatus:
        """The status for this subject now."""
        return score.status_of(self.scored, self.subject, at=info.context.at)

    @strawberry.field(description="One's 海河分; null unless OPEN.")
    def score(self) -> HaiheScore | None:
        """The open score."""
        row = self._open_score()
        return HaiheScore.of(row) if row is not None else None

    @strawberry.field(description="The district that one stated to live in, for offers alone; null unless one did.")
    def residence(self) -> Residence | None:
        """What was stated."""
        return Residence(district=self.own.district) if self.own.district else None

    @strawberry.field(description="The districts that one can state to live in.")
    async def districts(self, info: Info) -> list[str]:
        """This city's."""
        return list(await residence.choices(info.context.unit))

    @strawberry.field(
        description="公共信用综合评价 of an organisation; null for a natural person, and when none holds."
    )
    async def evaluation(self, info: Info) -> PublicCreditEvaluation | None:
        """What holds now."""
        return await evaluation_of(info.context, self.lens)

    @strawberry.field(description="What departments' models made of one (Art. 9), newest first; of an organisation.")
    async def industry_results(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[IndustryResult]:
        """Of runs that are done."""
        return await results_page(info, self.lens, first, after)

    @strawberry.field(description="One of them, or null.")
    async def industry_result(self, info: Info, id: strawberry.ID) -> IndustryResult | None:
        """Absent and another's are both null."""
        return await result_of(info.context, self.lens, id)

    @strawberry.field(description="One's records, newest event first.")
    async def records(
        self, info: Info, filter: RecordFilter | None = None, first: int = 20, after: str | None = None
    ) -> Connection[CreditRecord]:
        """Every category; ended ones on request."""
        return await records_page(info, self.lens, self.look, filter, first, after)

    @strawberry.field(description="One record, or null.")
    async def record(self, info: Info, id: strawberry.ID) -> CreditRecord | None:
        """Absent and another's are both null."""
        row = await records.find(info.context.unit, self.lens, id, at=info.context.at)
        return CreditRecord.behind(self.lens, self.look)(row) if row is not None else None

    @strawberry.field(description="One's grants, newest first; `monitored`: those alone with monitoring, ended too.")
    async def grants(
        self,
        info: Info,
        statuses: list[GrantStatus] | None = None,
        monitored: bool = False,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Grant]:
        """Every grant one gave."""
        context = info.context
        request = context.page("Me.grants", first, after, statuses, monitored)
        page = await listing.of_subject(context.unit, self.lens, request, statuses, monitored=monitored, at=context.at)
        return connect(page, Grant.behind(context, page.items))

    @strawberry.field(description="One grant, or null; also a request that waits for whoever scanned it.")
    async def grant(self, info: Info, id: strawberry.ID) -> Grant | None:
        """Absent and another's are both null."""
        row = await self._decidable(info, id)
        return Grant.of(info.context, row) if row is not None else None

    @strawberry.field(
        description="The exact answer the recipient would get now to this document, byte for byte, if the grant were "
        "approved with these terms. variables is a JSON object. No look, and no use, is made of it."
    )
    async def grant_preview(
        self,
        info: Info,
        grant_id: strawberry.ID,
        document: str,
        terms: GrantTermsInput | None = None,
        variables: str | None = None,
    ) -> str:
        """By the same executor, in the recipient's place. Raises `NotAvailable` for anything but one's own grant."""
        row = await self._decidable(info, grant_id)
        if row is None:
            raise NotAvailable()
        return await previewing.body(info.context, self.lens, row, terms, document, variables)

    async def _decidable(self, info: Info, grant_id: str) -> Row | None:
        unit = info.context.unit
        own = await listing.of_subject_by_id(unit, self.lens, grant_id)
        return own if own is not None else await deciding.waiting(unit, grant_id)

    @strawberry.field(
        description="Who looked, newest first. Own looks are kept, and shown on request. 贷后提示 stands as one line a "
        "month for each grant and kind of information, in its first event's place; eachEvent shows every one."
    )
    async def access_history(
        self,
        info: Info,
        bases: list[BasisKind] | None = None,
        from_: Annotated[date | None, strawberry.argument(name="from")] = None,
        to: date | None = None,
        include_own: bool = False,
        each_event: bool = False,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Access]:
        """The trail. The look that asks for it is written after it, and stands in the next answer."""
        context = info.context
        wanted = trail.Filter(bases, from_, to, include_own, each_event)
        request = context.page("Me.accessHistory", first, after, wanted)
        page = await trail.page(context.unit, self.lens, request, wanted, at=context.at)
        return connect(page, Access.behind(context, self.lens, page.items, each_event=each_event))

    @strawberry.field(description="Offers with what they mean for oneself: the only place where eligibility is told.")
    async def offers(
        self,
        info: Info,
        eligible_only: bool = False,
        sector: Sector | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[MyOffer]:
        """Live offers for one's standing; by how many points one misses a tier is said here, and kept nowhere."""
        context = info.context
        request = context.page("Me.offers", first, after, eligible_only, sector)
        cell = Cell(standing_of(self.own), eligible_only, sector)
        page, mine = await context.shelf.page(
            context.unit, request, cell, edition=context.caller.edition, at=context.at
        )
        opened = self._open_score()
        return assemble(page, [one.told(opened) for one in mine])

    @strawberry.field(description="What one has taken, newest first.")
    async def claims(
        self,
        info: Info,
        statuses: list[ClaimStatus] | None = None,
        deferred: Annotated[bool, strawberry.argument(description="Only those that put something off.")] = False,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Claim]:
        """Own claims."""
        context = info.context
        request = context.page("Me.claims", first, after, (statuses, deferred) if deferred else statuses)
        only = deferrals.of_claim() if deferred else None
        page = await claims.page(context.unit, self.lens, request, statuses, only=only, at=context.at)
        return connect(page, Claim.behind(context, page.items))

    @strawberry.field(description="One claim, or null.")
    async def claim(self, info: Info, id: strawberry.ID) -> Claim | None:
        """Absent and another's are both null."""
        row = await claims.find(info.context.unit, self.lens, id)
        return Claim.of(info.context, row) if row is not None else None

    @strawberry.field(description="What one was told, newest first.")
    async def notices(
        self, info: Info, unread_only: bool = False, first: int = 20, after: str | None = None
    ) -> Connection[Notice]:
        """Own notices."""
        context = info.context
        request = context.page("Me.notices", first, after, unread_only)
        page = await inbox.page(context.unit, self.lens.subject_id, request, unread_only=unread_only)
        return connect(page, Notice.behind(context, page.items))

    @strawberry.field(
        description="What was put right after others may have seen it, and who was told so, newest first."
    )
    async def corrections(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Correction]:
        """Own corrections."""
        context = info.context
        request = context.page("Me.corrections", first, after)
        page = await corrections.page(context.unit, self.lens, request, at=context.at)
        return connect(page, Correction.behind(context, page.items))

    @strawberry.field(description="One's reports, newest first. What recipients had issued stands in accessHistory.")
    async def reports(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Report]:
        """Own reports."""
        context = info.context
        page = await reports.page(context.unit, self.lens, context.page("Me.reports", first, after))
        return connect(page, Report.behind(context))

    @strawberry.field(description="One's copies of everything about oneself, newest first.")
    async def exports(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Export]:
        """Own copies."""
        return await exports_page(info, first, after)

    @strawberry.field(description="One's requests that a human look at one's score again, newest first.")
    async def score_reviews(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ScoreReview]:
        """Own requests."""
        return await reviews_page(info, first, after)

    @strawberry.field(description="One's objections, newest first (Art. 12).")
    async def objections(self, info: Info, first: int = 20, after: str | None = None) -> Connection[Objection]:
        """Own objections."""
        return await objections_page(info, self.lens, self.look, first, after)

    @strawberry.field(description="One objection, or null.")
    async def objection(self, info: Info, id: strawberry.ID) -> Objection | None:
        """Absent and another's are both null."""
        row = await cases.find(info.context.unit, self.lens, id)
        return shown(info.context, self.lens, self.look, [row])(row) if row is not None else None

    @strawberry.field(description="How many notices are unread.")
    async def unread_notices(self, info: Info) -> int:
        """The number on the bell."""
        return await inbox.unread(info.context.unit, self.lens.subject_id)

    @strawberry.field(description="Who may act for one, now or later. A helper is shown no other helpers.")
    async def helpers(self, info: Info) -> list[Helper]:
        """Live mandates over oneself, oldest first."""
        context = info.context
        rows = await mandates.over(context.unit, self.lens.subject_id, at=context.at)
        if context.caller.mandate == MandateKind.HELPER.value:
            rows = [row for row in rows if row.id == context.caller.mandate_id]
        return await helpers_of(context, rows)
