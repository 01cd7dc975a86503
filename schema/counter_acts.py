"""What a clerk does in a counter case (Art. 8(3)): opens it, notes the papers, tells what is missing, ends it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Annotated, TypeVar

import strawberry

from core import uploads
from core.database import WriteUnit
from core.errors import Invalid
from core.identity import IdentityNumber
from core.uploads import Owner
from credit import subjects
from grants import counter
from grants.counter import Clerk, Visit
from grants.papers import Brought, CounterKind, Paper, PaperCheck, PaperForm
from grants.scope import RecordCategory
from schema.acting import act, attempt_of, ensure
from schema.context import Context, Info
from schema.counter import CounterCase, clerk_of
from schema.identities import IdentityInput
from schema.refusals import Refusal


@strawberry.input(
    description="Opens a case. applicant is who has come for somebody else; categories and authorisedUntil are what "
    "the written authorisation says. Whoever the number is, the answer is the same: nobody is searched for."
)
class CounterCaseOpenInput:
    """Who has come, and about whom."""

    kind: CounterKind
    desk: str
    subject: IdentityInput
    no_conflict: bool
    idempotency_key: strawberry.ID
    applicant: IdentityInput | None = None
    categories: list[RecordCategory] | None = None
    authorised_until: date | None = None

    def visit(self, at: datetime) -> Visit:
        """In the domain's words. Raises `Invalid` by the input's paths."""
        applicant: tuple[IdentityNumber, str] | None = None
        if self.applicant is not None:
            applicant = self.applicant.parsed("applicant", at=at), self.applicant.name.strip()
        kinds = None if self.categories is None else frozenset(one.value for one in self.categories)
        number, name = self.subject.parsed("subject", at=at), self.subject.name.strip()
        return Visit(self.kind, self.desk.strip(), number, name, applicant, kinds, self.authorised_until)


@strawberry.input(description="One paper as it lies on the counter; scanId names an upload.")
class CounterPaperInput:
    """A paper."""

    paper: Paper
    form: PaperForm
    checks: list[PaperCheck] = strawberry.field(default_factory=list)
    scan_id: strawberry.ID | None = None


@strawberry.input(description="Which case, as it was read.")
class CounterCaseInput:
    """A case."""

    case_id: strawberry.ID
    expected_version: int


@strawberry.input(description="Notes papers: those that are named, each in place of what was noted of it before.")
class CounterPapersNoteInput(CounterCaseInput):
    """What was brought."""

    papers: list[CounterPaperInput]

    @property
    def brought(self) -> Mapping[Paper, tuple[Brought, str | None]]:
        """In the domain's words, with the scans."""
        return {
            one.paper: (
                Brought(one.paper, one.form, frozenset(one.checks), scanned=one.scan_id is not None),
                one.scan_id,
            )
            for one in self.papers
        }


@strawberry.input(description="Ends a case before its day does.")
class CounterCaseEndInput:
    """Which case."""

    case_id: strawberry.ID


@strawberry.type
class _Stands:
    case: CounterCase
    replayed: bool


@strawberry.type(description="The case, which waits for its papers.")
class CounterCaseOpenPayload(_Stands):
    """An open case."""


@strawberry.type(description="The case; READY when nothing is missing.")
class CounterPapersNotePayload(_Stands):
    """A case with papers."""


@strawberry.type(description="The case, with what the notice names.")
class CounterSupplementPayload(_Stands):
    """A case that waits for what is missing."""


@strawberry.type(description="The case, which is over.")
class CounterCaseEndPayload(_Stands):
    """An ended case."""


Shown = TypeVar("Shown", bound=_Stands)
CounterCaseOpenResult = Annotated[CounterCaseOpenPayload | Refusal, strawberry.union("CounterCaseOpenResult")]
CounterPapersNoteResult = Annotated[CounterPapersNotePayload | Refusal, strawberry.union("CounterPapersNoteResult")]
CounterSupplementResult = Annotated[CounterSupplementPayload | Refusal, strawberry.union("CounterSupplementResult")]
CounterCaseEndResult = Annotated[CounterCaseEndPayload | Refusal, strawberry.union("CounterCaseEndResult")]


@strawberry.type
class CounterActs:
    """What a clerk does."""

    @strawberry.mutation(description="Open a counter case for whoever stands there.")
    async def counter_case_open(self, info: Info, input: CounterCaseOpenInput) -> CounterCaseOpenResult:
        """Nobody is looked at: not even whether the number is anybody's is told."""
        context, clerk = info.context, clerk_of(info.context)
        try:
            visit = input.visit(context.at)
            counter.check(visit, at=context.at)
        except Invalid as error:
            return Refusal.of(error, context.language)

        async def do(unit: WriteUnit) -> str:
            minors = input.kind is CounterKind.GUARDIAN
            found = await subjects.named(unit, visit.number, visit.name, minors=minors, at=context.at)
            subject_id = found or counter.nobody()
            await subjects.hold(unit, [subject_id])
            return await counter.open_(unit, clerk, visit, subject_id, no_conflict=input.no_conflict, at=context.at)

        # Numbers are hashed with the rest: the key's row keeps no identity.
        key = attempt_of(context, "counterCaseOpen", input.idempotency_key, asked=str(input))
        return await act(info, key, do, _shown(context, clerk, CounterCaseOpenPayload))

    @strawberry.mutation(description="Note what was laid on the counter.")
    async def counter_papers_note(self, info: Info, input: CounterPapersNoteInput) -> CounterPapersNoteResult:
        """Paper by paper, or all at once."""
        context, clerk, brought = info.context, clerk_of(info.context), input.brought

        async def do(unit: WriteUnit) -> str:
            for _one, scan_id in brought.values():
                if scan_id is not None:
                    await uploads.take(unit, scan_id, owner=Owner(party_id=clerk.party_id, papers=True))
            replaced = await counter.note(
                unit, clerk, input.case_id, brought, expected=input.expected_version, at=context.at
            )
            for scan_id in replaced:
                await context.blobs.remove(unit, scan_id)
            return input.case_id

        return await act(info, None, do, _shown(context, clerk, CounterPapersNotePayload))

    @strawberry.mutation(description="Give the one notice of everything that is missing (补正告知).")
    async def counter_supplement(self, info: Info, input: CounterCaseInput) -> CounterSupplementResult:
        """Once, and whole."""
        context, clerk, expected = info.context, clerk_of(info.context), input.expected_version

        async def do(unit: WriteUnit) -> str:
            await counter.tell_lacking(unit, clerk, input.case_id, expected=expected, at=context.at)
            return input.case_id

        return await act(info, None, do, _shown(context, clerk, CounterSupplementPayload))

    @strawberry.mutation(description="End a case; it ends by itself with its day.")
    async def counter_case_end(self, info: Info, input: CounterCaseEndInput) -> CounterCaseEndResult:
        """Doing it twice is doing it once."""
        context, clerk = info.context, clerk_of(info.context)

        async def do(unit: WriteUnit) -> bool:
            return await counter.end(unit, clerk, input.case_id, at=context.at)

        async def show(replayed: bool) -> CounterCaseEndPayload:
            return await _shown(context, clerk, CounterCaseEndPayload)(input.case_id, replayed)

        return await ensure(info, do, show)


def _shown(context: Context, clerk: Clerk, payload: type[Shown]) -> Callable[[str, bool], Awaitable[Shown]]:
    """How to show a case as it stands, in this payload."""

    async def show(case_id: str, replayed: bool) -> Shown:
        row = await counter.own(context.unit, clerk, case_id)
        return payload(case=CounterCase.of(context, row), replayed=replayed)

    return show
