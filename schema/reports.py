"""Reports: issued for oneself or inside a grant, listed, downloaded by a ticket, checked by whoever holds one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated

import orjson
import strawberry

from audit.lens import Lens
from audit.looks import Look, Shape
from core.blobs import TICKET_LIFE
from core.database import WriteUnit
from core.errors import Detail, Invalid, NotAvailable
from core.identity import mask_numbers_in
from core.principal import Scope
from core.statements import Row
from credit import certificate, reports
from credit.kinds import ReportCheckState, ReportKind
from credit.reports import Authority, Wanted
from grants import rules, use
from grants.errors import NotGranted
from grants.scope import GrantStatus, LendingStage
from parties import directory
from parties.errors import BeyondPost
from schema import attempts, audiences
from schema.acting import act, attempt_of, own_lens, own_look
from schema.context import Context, Info
from schema.refusals import Refusal
from schema.stored import stored

_LONGEST_OPERATOR = 60
_LONGEST_TYPED = 60
# What a report shows of its subject, whatever of it a document selects.
SHOWN = Shape.of(
    {"Report.data", "SubjectCard.name", "SubjectCard.identity"}
    | {
        f"CreditRecord.{name}"
        for name in (
            *("authority", "category", "documentNumber", "items", "objections", "occurredOn", "publicityUntil"),
            *("repair", "source", "statement", "title"),
        )
    }
)
_GRADED = Shape.of(
    {
        f"PublicCreditEvaluation.{name}"
        for name in ("grade", "basis", "assessedOn", "validUntil", "basisChangedAt", "objections")
    }
    | set(SHOWN.fields)
)
# A report is downloaded through a grant that could still be looked through, or whose last use it took.
_STANDS = frozenset({GrantStatus.ACTIVE, GrantStatus.EXHAUSTED})


@strawberry.type(description="A report as it was issued. Its PDF is there some moments later: `pdfReady`.")
class Report:
    """One report, as its subject or the recipient who had it issued sees it."""

    row: strawberry.Private[Row]
    code: str = strawberry.field(description="What is typed to check it; in the PDF's QR code it stands after the #.")
    data: str = strawberry.field(
        description="What it says, as canonical JSON, with `layout`: head and parts in order; the PDF says the same."
    )
    state: ReportCheckState
    pdf_ready: bool
    id: strawberry.ID = stored("id")
    number: str = stored("number")
    kind: ReportKind = stored("kind")
    from_: date | None = stored("start_on", name="from")
    to: date | None = stored("end_on")
    record_count: int = stored("record_count")
    issued_at: datetime = stored("issued_at")
    valid_until: datetime = stored("valid_until")

    @classmethod
    def behind(cls, context: Context) -> Callable[[Row], "Report"]:
        """How to make a report of its row."""

        def make(row: Row) -> Report:
            unit = context.unit
            return cls(
                row=row,
                code=reports.code_of(unit, row),
                data=reports.snapshot_of(unit, row),
                state=reports.state_of(row),
                pdf_ready=row.pdf_id is not None,
            )

        return make


@strawberry.input(
    description="Issues a report: of everything, or over a chosen period whether there is a violation. Inside a grant: "
    "grantId, for which stage, and who at the recipient looks; it spends a use as a look does."
)
class ReportIssueInput:
    """What kind of report, over which days, and on whose authority."""

    kind: ReportKind = ReportKind.FULL
    from_: date | None = strawberry.field(default=None, name="from")
    to: date | None = None
    grant_id: strawberry.ID | None = None
    stage: LendingStage | None = None
    operator: str | None = None
    idempotency_key: strawberry.ID

    @property
    def wanted(self) -> Wanted:
        """The report in the domain's words."""
        return Wanted(self.kind, self.from_, self.to)


@strawberry.input(description="Asks for a ticket by which a report's PDF is downloaded once.")
class ReportTicketInput:
    """Which report: one's own, or one that the calling organisation had issued."""

    report_id: strawberry.ID


@strawberry.type(description="The report that was issued.")
class ReportIssuePayload:
    """A report."""

    report: Report
    replayed: bool


@strawberry.type(description="Where the PDF is downloaded, once.")
class ReportTicketPayload:
    """A ticket; each call makes another."""

    path: str
    valid_until: datetime
    replayed: bool


@strawberry.type(description="What anybody is told who holds a report's number and code.")
class ReportCheck:
    """Genuine, superseded or not confirmed; the rest is null when it is not confirmed."""

    state: ReportCheckState
    issued_at: datetime | None
    valid_until: datetime | None
    subject_masked: str | None

    @classmethod
    async def of(cls, info: Info, number: str, code: str) -> "ReportCheck":
        """The check; whatever was typed that is no number or code is not confirmed either."""
        found = await reports.check(info.context.unit, number[:_LONGEST_TYPED], code[:_LONGEST_TYPED])
        return cls(
            state=found.state,
            issued_at=found.issued_at,
            valid_until=found.valid_until,
            subject_masked=found.subject_masked,
        )


ReportIssueResult = Annotated[ReportIssuePayload | Refusal, strawberry.union("ReportIssueResult")]
ReportTicketResult = Annotated[ReportTicketPayload | Refusal, strawberry.union("ReportTicketResult")]


@strawberry.type
class ReportActs:
    """What subjects and recipients do about reports."""

    @strawberry.mutation(description="Issue a report about oneself, or inside a grant.")
    async def report_issue(self, info: Info, input: ReportIssueInput) -> ReportIssueResult:
        """One's own by the sign-in; a recipient's by the grant's row, as a look."""
        _check_scope(info.context, Scope.SELF_READ if input.grant_id is None else Scope.GRANT_USE)
        return await (_own(info, input) if input.grant_id is None else _granted(info, input, input.grant_id))

    @strawberry.mutation(description="Ask for a ticket to download a report's PDF once.")
    async def report_ticket(self, info: Info, input: ReportTicketInput) -> ReportTicketResult:
        """What the report shows was logged as it was issued: fetching it is no further look."""
        context = info.context
        number = ""

        async def do(unit: WriteUnit) -> str:
            nonlocal number
            row = await _one(context, input.report_id)
            number = row.number
            return await reports.ticket(unit, context.blobs, row, at=context.at)

        async def show(ticket: str, replayed: bool) -> ReportTicketPayload:
            path = f"/reports/{number}.pdf?ticket={ticket}"
            return ReportTicketPayload(path=path, valid_until=context.at + TICKET_LIFE, replayed=replayed)

        return await act(info, None, do, show)


async def _own(info: Info, input: ReportIssueInput) -> ReportIssuePayload | Refusal:
    context = info.context
    lens = own_lens(context)

    async def do(unit: WriteUnit) -> str:
        return await reports.issue(unit, lens, input.wanted, None, at=context.at)

    async def show(report_id: str, replayed: bool) -> ReportIssuePayload:
        row = await reports.own(context.unit, lens, report_id)
        return _shown(context, own_look(info, lens), row, replayed)

    return await act(info, attempt_of(context, "reportIssue", input.idempotency_key, asked=str(input)), do, show)


async def _granted(info: Info, input: ReportIssueInput, grant_id: str) -> ReportIssuePayload | Refusal:
    """The same steps as a look through the grant; a refusal is an attempt in the subject's trail."""
    context = info.context
    operator = mask_numbers_in((input.operator or "").strip())
    stage = input.stage.value if input.stage else None

    async def do(unit: WriteUnit) -> str:
        if not 1 <= len(operator) <= _LONGEST_OPERATOR:
            raise Invalid(Detail(("operator",), "LENGTH", f"1..{_LONGEST_OPERATOR}"))
        row = await use.find(unit, grant_id=grant_id, recipient_id=context.party())
        lens = _admitted(context, row, stage)
        _hold_certificate(input, lens)
        if use.is_counted(row):
            await use.spend(unit, row, None, at=context.at)
        authority = await _authority(context, row)
        return await reports.issue(unit, lens, input.wanted, authority, at=context.at)

    async def show(report_id: str, replayed: bool) -> ReportIssuePayload:
        row = await _of_party(context, report_id)
        grant = await use.find(context.unit, grant_id=grant_id, recipient_id=context.party())
        lens = use.lens_of(grant, at=context.at)
        look = context.look(
            info, lens, purpose=grant.purpose, stage=stage, operator=operator, grant_version=grant.version
        )
        return _shown(context, look, row, replayed)

    key = attempt_of(context, "reportIssue", input.idempotency_key, asked=str(input))
    try:
        answer = await act(info, key, do, show)
    except NotAvailable as gone:  # a repeat after the grant has ended
        answer = Refusal.of(gone, context.language)
    if isinstance(answer, Refusal):
        context.looks.append(await _attempt(context, grant_id, stage, operator, answer.code.value))
    return answer


def _check_scope(context: Context, needed: Scope) -> None:
    """Whose scope it takes depends on the input: the root says only that somebody is signed in. Raises `BeyondPost`."""
    if needed not in context.caller.principal.scopes:
        raise BeyondPost()


def _admitted(context: Context, grant: Row, stage: str | None) -> Lens:
    """The grant's lens for this document and stage; what is outside is named by this input's paths."""
    try:
        return use.admit(grant, rules.Asked(frozenset(), stage, context.operation.document), retry=False, at=context.at)
    except NotGranted as refused:
        raise NotGranted(*(replace(one, path=one.path[-1:]) for one in refused.details)) from None


def _hold_certificate(input: ReportIssueInput, lens: Lens) -> None:
    """Raises `NotGranted`: whoever may see a part cannot be told that there is nothing in the whole."""
    if input.kind is not ReportKind.NO_VIOLATION_CERTIFICATE:
        return
    missing = [Detail(("kind",), name) for name in certificate.lacking(lens.categories)]
    if lens.since is not None and (input.from_ is None or input.from_ < lens.since):
        missing.append(Detail(("from",), "BEFORE_WINDOW", lens.since.isoformat()))
    if missing:
        raise NotGranted(*missing)


async def _authority(context: Context, grant: Row) -> Authority:
    party_id = context.party()
    recipient = await directory.find(context.unit, party_id)
    if recipient is None:
        raise NotAvailable()
    graded = bool(grant.includes_evaluation)
    return Authority(grant.id, party_id, recipient.name, grant.purpose, grant.categories, evaluation=graded)


async def _one(context: Context, report_id: str) -> Row:
    """A report that the caller may download. Raises `NotAvailable`, and `BeyondPost` for a caller who has none."""
    if context.caller.staff_id is not None:
        _check_scope(context, Scope.GRANT_USE)
        return await _of_party(context, report_id)
    _check_scope(context, Scope.SELF_READ)
    return await reports.own(context.unit, own_lens(context), report_id)


async def _of_party(context: Context, report_id: str) -> Row:
    """A report of the calling organisation's, as long as its grant stands and what it showed may be kept."""
    row = await reports.of_party(context.unit, context.party(), report_id)
    grant = await use.find(context.unit, grant_id=row.grant_id, recipient_id=context.party())
    kept_until = row.issued_at + timedelta(days=grant.retention_days)
    if rules.status_at(grant, at=context.at) not in _STANDS or context.at > kept_until:
        raise NotAvailable()
    return row


def _shown(context: Context, look: Look, row: Row, replayed: bool) -> ReportIssuePayload:
    """The report, and in the look everything that it says."""
    report = Report.behind(context)(row)
    say(look, report.data)
    return ReportIssuePayload(report=report, replayed=replayed)


def say(look: Look, data: str) -> None:
    """Write into the look everything that a report says."""
    said = orjson.loads(data)
    graded = said.get("evaluation")
    look.shape = SHOWN if graded is None or graded["state"] == reports.NOT_GRANTED else _GRADED
    for record in said["records"]:
        look.show(record["category"])
        look.codes.update(item["code"] for item in record["items"])


async def _attempt(context: Context, grant_id: str, stage: str | None, operator: str, code: str) -> Look:
    named = {"grantId": grant_id, "stage": stage, "operator": operator}
    target = attempts.Target(audiences.Lens.GRANTED, named, SHOWN, context.operation.document)
    return await attempts.look(context.unit, target, context.caller.principal, context.caller, code, at=context.at)
