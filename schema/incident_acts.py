"""What is done about an incident: recorded, frozen, told, reported, closed (Art. 14)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Annotated, TypeVar

import strawberry

from audit.affected import Stretch
from core.database import WriteUnit
from core.errors import Detail, Invalid
from oversight.duty import incidents
from oversight.duty.incidents import IncidentKind, Recorded
from parties.freezing import Named
from parties.kinds import Target
from schema.acting import act, attempt_of, ensure, of, standing
from schema.context import Context, Info
from schema.incidents import Incident, incident_of
from schema.officers import by_staff
from schema.refusals import Refusal


@strawberry.input(description="Records an incident: what happened, and exactly one of whose looks it is about.")
class IncidentRecordInput:
    """What happened."""

    kind: IncidentKind
    what: str
    since: datetime
    until: datetime
    staff_id: strawberry.ID | None = None
    grant_id: strawberry.ID | None = None
    party_id: strawberry.ID | None = None
    idempotency_key: strawberry.ID


@strawberry.input(description="Stops an organisation, a staff member, a client's key or a sign-in because of it.")
class IncidentFreezeInput:
    """What, by its id; a sign-in by issuer and name."""

    incident_id: strawberry.ID
    target: Target
    id: strawberry.ID
    issuer: str | None = None
    reason: str


@strawberry.input(description="Has everybody told who was touched: what, when, and what they can do.")
class IncidentTellInput:
    """The incident as it was read, and what one can do."""

    incident_id: strawberry.ID
    expected_version: int
    advice: str


@strawberry.input(description="Writes the report from which a second person closes it.")
class IncidentProposeInput:
    """The incident as it was read, and what came of it."""

    incident_id: strawberry.ID
    expected_version: int
    conclusion: str


@strawberry.input(description="Closes it by its report, or returns it.")
class IncidentCloseInput:
    """The incident as it was read, and the second word."""

    incident_id: strawberry.ID
    expected_version: int
    stands: bool


@strawberry.type
class _Stands:
    incident: Incident
    replayed: bool


@strawberry.type(description="The incident.")
class IncidentRecordPayload(_Stands):
    """A recorded one."""


@strawberry.type(description="The incident; `replayed` when it had frozen the same before.")
class IncidentFreezePayload(_Stands):
    """One that froze something."""


@strawberry.type(description="The incident: telling has begun.")
class IncidentTellPayload(_Stands):
    """One that is told."""


@strawberry.type(description="The incident with its report.")
class IncidentProposePayload(_Stands):
    """A reported one."""


@strawberry.type(description="The incident as it stands.")
class IncidentClosePayload(_Stands):
    """One with a second word."""


Shown = TypeVar("Shown", bound=_Stands)
IncidentRecordResult = Annotated[IncidentRecordPayload | Refusal, strawberry.union("IncidentRecordResult")]
IncidentFreezeResult = Annotated[IncidentFreezePayload | Refusal, strawberry.union("IncidentFreezeResult")]
IncidentTellResult = Annotated[IncidentTellPayload | Refusal, strawberry.union("IncidentTellResult")]
IncidentProposeResult = Annotated[IncidentProposePayload | Refusal, strawberry.union("IncidentProposeResult")]
IncidentCloseResult = Annotated[IncidentClosePayload | Refusal, strawberry.union("IncidentCloseResult")]


@strawberry.type
class IncidentActs:
    """Incidents."""

    @strawberry.mutation(description="Record an incident.")
    async def incident_record(self, info: Info, input: IncidentRecordInput) -> IncidentRecordResult:
        """Once for its key."""
        context, by = info.context, by_staff(info.context)
        stretch = Stretch(input.since, input.until, input.staff_id, input.grant_id, input.party_id)

        async def do(unit: WriteUnit) -> str:
            return await incidents.record(unit, by, Recorded(input.kind, input.what, stretch), at=context.at)

        key = attempt_of(context, "incidentRecord", input.idempotency_key, asked=str(input))
        return await act(info, key, do, _shown(context, IncidentRecordPayload))

    @strawberry.mutation(description="Stop somebody or something at once because of an incident.")
    async def incident_freeze(self, info: Info, input: IncidentFreezeInput) -> IncidentFreezeResult:
        """As `partyFreeze`, and it stands in the report."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            if (input.issuer is not None) != (input.target is Target.LINK):
                raise Invalid(Detail(("issuer",), "ONLY_FOR_SIGN_INS"))
            named = Named(input.target, input.id, input.issuer)
            return await incidents.freeze(unit, by, input.incident_id, named, input.reason, at=context.at)

        return await ensure(info, do, of(input.incident_id, _shown(context, IncidentFreezePayload)))

    @strawberry.mutation(description="Have everybody told whom an incident touched.")
    async def incident_tell(self, info: Info, input: IncidentTellInput) -> IncidentTellResult:
        """The duty tells them, in batches."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            await incidents.tell(unit, by, input.incident_id, input.advice, expected=input.expected_version)
            return True

        return await ensure(info, do, of(input.incident_id, _shown(context, IncidentTellPayload)))

    @strawberry.mutation(description="Write an incident's report.")
    async def incident_propose(self, info: Info, input: IncidentProposeInput) -> IncidentProposeResult:
        """The first of two people."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            said, expected = input.conclusion, input.expected_version
            await incidents.propose(unit, by, input.incident_id, said, expected=expected, at=context.at)
            return True

        return await ensure(info, do, of(input.incident_id, _shown(context, IncidentProposePayload)))

    @strawberry.mutation(description="Close an incident by its report, or return it.")
    async def incident_close(self, info: Info, input: IncidentCloseInput) -> IncidentCloseResult:
        """The second of two people."""
        context, by = info.context, by_staff(info.context)

        async def do(unit: WriteUnit) -> bool:
            stands, expected = input.stands, input.expected_version
            await incidents.close(unit, by, input.incident_id, stands=stands, expected=expected, at=context.at)
            return True

        return await ensure(info, do, of(input.incident_id, _shown(context, IncidentClosePayload)))


def _shown(context: Context, payload: type[Shown]) -> Callable[[str, bool], Awaitable[Shown]]:
    return standing(payload, "incident", partial(incident_of, context))
