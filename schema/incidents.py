"""Incidents as the security officer's desk shows them (Art. 14): counts of those who were touched, never who."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import Enum

import strawberry

from audit import affected
from core.principal import Scope
from core.statements import Row
from oversight.duty import incidents
from oversight.duty.incidents import IncidentKind, IncidentState
from parties.kinds import Target
from schema.connection import Connection, connect
from schema.context import Context, Info
from schema.stored import stored


@strawberry.type(description="Something that was frozen because of an incident; a sign-in by a hash of its name.")
class IncidentFreezeLine:
    """What, and when."""

    target: Target
    id: strawberry.ID
    at: datetime


class IncidentAct(Enum):
    """What is done about an incident."""

    FREEZE = "FREEZE"
    TELL = "TELL"
    PROPOSE = "PROPOSE"
    CLOSE = "CLOSE"


# In which states, and by which right; whose looks it is about does nothing but stop things.
_ACTS: Mapping[IncidentAct, tuple[frozenset[IncidentState], Scope]] = {
    IncidentAct.FREEZE: (frozenset(IncidentState) - {IncidentState.CLOSED}, Scope.PARTY_FREEZE),
    IncidentAct.TELL: (frozenset({IncidentState.OPEN}), Scope.SECURITY_REVIEW),
    IncidentAct.PROPOSE: (frozenset({IncidentState.TOLD}), Scope.SECURITY_REVIEW),
    IncidentAct.CLOSE: (frozenset({IncidentState.PROPOSED}), Scope.SECURITY_CONFIRM),
}


@strawberry.type(description="事件: something that went wrong with people's information (Art. 14, 个人信息保护法 57).")
class Incident:
    """What happened, and how far it is dealt with."""

    row: strawberry.Private[Row]
    id: strawberry.ID = stored("id")
    number: str = stored("number")
    kind: IncidentKind = stored("kind")
    what: str = stored("what")
    since: datetime = stored("since")
    until: datetime = stored("until")
    staff_id: strawberry.ID | None = stored("looker_id", description="Whose looks it is about; or by which grant,")
    grant_id: strawberry.ID | None = stored("grant_id")
    party_id: strawberry.ID | None = stored("party_id", description="or of which organisation.")
    recorded_at: datetime = stored("recorded_at")
    state: IncidentState = stored("state")
    advice: str | None = stored("advice", description="What those who were touched are told that they can do.")
    told: int = stored("told", description="How many have been told.")
    told_at: datetime | None = stored(
        "told_at", description="When the last one was who could know; others are told when an order ends."
    )
    withheld: int | None = stored(
        "withheld", description="How many are not told as long as an order withholds every look at them."
    )
    report: str | None = stored("report", description="The report, as canonical JSON.")
    closed_at: datetime | None = stored("closed_at")
    version: int = stored("version")

    @strawberry.field(description="What the caller may do about it as it stands.")
    def acts(self, info: Info) -> list[IncidentAct]:
        """In order."""
        context, row = info.context, self.row
        me, scopes = context.caller.staff_id, context.caller.principal.scopes
        mine = {IncidentAct.TELL, IncidentAct.PROPOSE, IncidentAct.CLOSE} if row.looker_id == me else set()
        mine |= {IncidentAct.CLOSE} if row.proposed_by == me else set()
        stands = IncidentState(row.state)
        return [
            act for act, (states, scope) in _ACTS.items() if stands in states and scope in scopes and act not in mine
        ]

    @strawberry.field(description="About how many subjects answers went out.")
    async def touched(self, info: Info) -> int:
        """An exact count, from the log."""
        context = info.context
        return (await affected.count(context.unit, incidents.stretch_of(self.row), at=context.at)).subjects

    @strawberry.field(description="What was frozen because of it.")
    async def frozen(self, info: Info) -> list[IncidentFreezeLine]:
        """In order."""
        rows = await incidents.frozen(info.context.unit, self.row.id)
        return [IncidentFreezeLine(target=Target(row.target), id=row.target_id, at=row.at) for row in rows]

    @strawberry.field(description="Of the report's bytes.")
    def report_sha256(self) -> str | None:
        """Hex."""
        report = self.row.report
        return hashlib.sha256(report.encode()).hexdigest() if report is not None else None


async def incident_page(context: Context, first: int, after: str | None) -> Connection[Incident]:
    """Every incident, newest first."""
    page = await incidents.page(context.unit, context.page("Security.incidents", first, after))
    return connect(page, lambda row: Incident(row=row))


async def incident_of(context: Context, incident_id: str) -> Incident:
    """One; raises `NotAvailable`."""
    return Incident(row=await incidents.find(context.unit, incident_id))
