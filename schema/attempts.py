"""Refused looks that named somebody: who tried, at whom, and why it was refused (design §2).

Only a look at somebody else names a target. What it named is read from the document and its variables, so a refusal
before anything ran is an attempt too.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graphql.execution.values import VariableValues

from audit import withholding
from audit.lens import Audience, BasisKind, Lens
from audit.looks import LONGEST_CLIENT, NOTHING, Look, Shape
from core.database import Unit
from core.errors import DomainError
from core.identity import BadIdentity, IdentityType, mask_numbers_in, parse
from core.moments import day_of
from core.principal import Channel, Principal
from credit import subjects
from grants import counter, kiosk, mandating, statute, use
from objections import receiving
from oversight.duty import glass
from oversight.supervision import areas, complaints, samples
from oversight.supervision.areas import Inspector
from parties.callers import Caller, identify
from schema import audiences
from schema.context import Context, value_of
from schema.documents import Operation
from schema.refusals import Refusal

_LONGEST = 40
_MOST_READ = 200
_NAMELESS_PURPOSE = "OTHER"


@dataclass(frozen=True)
class Target:
    """What a root field named in its `query`, through which lens, and by which document."""

    lens: audiences.Lens
    query: Mapping[str, Any]
    shape: Shape
    document: str


def targets(operation: Operation, variables: VariableValues) -> list[Target]:
    """What an operation names as what it looks at or through."""
    found = []
    for reach in operation.reaches.values():
        if reach.root.lens in _NAMING and reach.query is not None:
            query = value_of(*reach.query, variables)
            if isinstance(query, dict):
                found.append(Target(reach.root.lens, query, reach.shape, operation.document))
    return found


async def look(
    unit: Unit, target: Target, principal: Principal, caller: Caller | None, code: str, *, at: datetime
) -> Look:
    """The attempt as a look: at whoever was named, where there is somebody."""
    if caller is None:
        try:
            caller = await identify(unit, principal, at=at)
        except DomainError:
            # The organisation that the token names is not proved: the trail accuses nobody of what it cannot show.
            caller = Caller(principal)
    made = Look(
        lens=None,
        basis="",
        shape=target.shape,
        purpose=_NAMELESS_PURPOSE,
        channel=principal.channel,
        actor_party_id=caller.party_id,
        actor_name=caller.party_name,
        officer_id=caller.officer_id,
        client=principal.client[:LONGEST_CLIENT],
        document=target.document,
        refused=code[:_LONGEST],
    )
    await _NAMING[target.lens](unit, made, target.query, caller, at)
    return made


async def acted(
    context: Context, lens: audiences.Lens, named: Mapping[str, Any], answer: object, *, shape: Shape = NOTHING
) -> None:
    """A refused act is an attempt, by what it named: it is written down with this operation's looks. One that was done
    is none."""
    if not isinstance(answer, Refusal):
        return
    target = Target(lens, named, shape, context.operation.document)
    made = await look(context.unit, target, context.caller.principal, context.caller, answer.code.value, at=context.at)
    context.looks.append(made)


async def _of_grant(unit: Unit, made: Look, query: Mapping[str, Any], _caller: Caller, _at: datetime) -> None:
    """At the subject of a grant that somebody named."""
    stage, operator = query.get("stage"), query.get("operator")
    made.basis = BasisKind.GRANT.value
    made.grant_id = str(query.get("grantId"))[:_LONGEST]
    made.stage = getattr(stage, "value", stage)
    made.operator = mask_numbers_in(str(operator)[:_MOST_READ])[:_LONGEST] if operator else None
    # The same steps for nobody's grant and for another's: how long this takes tells nobody which it is.
    row = await use.named(unit, made.grant_id)
    lens = Lens(Audience.RECIPIENT, BasisKind.GRANT, str(row.subject_id))
    made.lens = lens if row.subject_id is not None else None
    made.purpose, made.grant_version = row.purpose or _NAMELESS_PURPOSE, row.version


async def _of_statute(unit: Unit, made: Look, query: Mapping[str, Any], caller: Caller, at: datetime) -> None:
    """At whoever has the number and the name that an officer typed.

    Anybody can type them: where no organisation is proved that could answer for it, the attempt is at nobody, or
    whoever has a token could fill a stranger's trail.
    """
    purpose, case = query.get("purpose"), str(query.get("caseNumber")).strip()
    made.basis = BasisKind.STATUTE.value
    made.purpose = str(getattr(purpose, "value", purpose))[:_LONGEST]
    made.operator = caller.staff_label
    if caller.party_id is None or caller.staff_id is None:
        return
    mandate = await mandating.own(unit, str(query.get("mandateId")), caller.party_id)
    if mandate is not None:
        made.grant_id, made.grant_version = mandate.id, mandate.version
    if not statute.faults_of_case(case):
        made.case_number = case
        order = str(query.get("withholdingId"))
        if await withholding.in_force(unit, order, party_id=caller.party_id, case_number=case, at=at):
            made.withholding_id = order
    subject_id = await _named(unit, query.get("subject"), at)
    if subject_id is not None:
        made.lens = Lens(Audience.ORGAN, BasisKind.STATUTE, subject_id)


async def _of_case(unit: Unit, made: Look, query: Mapping[str, Any], caller: Caller, _at: datetime) -> None:
    """At whom a case of the clerk's institution is about, whosever case it is; a made-up one is at nobody."""
    made.basis, made.purpose = BasisKind.COUNTER.value, counter.TRAIL
    made.channel, made.operator = Channel.COUNTER, caller.staff_label
    if caller.party_id is None or caller.staff_id is None:
        return
    row = await counter.of_institution(unit, caller.party_id, str(query.get("caseId"))[:_LONGEST])
    if row is not None:
        made.grant_id, made.case_number, made.purpose = row.id, row.number, counter.purpose_of(row)
        made.lens = counter.lens_of(row)


async def _of_visit(unit: Unit, made: Look, query: Mapping[str, Any], caller: Caller, _at: datetime) -> None:
    """At whose document a visit of the kiosk's institution began with, whichever kiosk's it is; a made-up one is at
    nobody."""
    made.basis, made.purpose = BasisKind.KIOSK.value, kiosk.TRAIL
    made.channel, made.operator = Channel.KIOSK, caller.staff_label
    if caller.party_id is None or caller.staff_id is None:
        return
    row = await kiosk.of_institution(unit, caller.party_id, str(query.get("visitId"))[:_LONGEST])
    if row is not None:
        made.grant_id, made.case_number, made.purpose = row.id, row.number, kiosk.purpose_of(row)
        made.lens = kiosk.lens_of(row)


async def _of_emergency(unit: Unit, made: Look, query: Mapping[str, Any], caller: Caller, at: datetime) -> None:
    """At whom a statement of the institution's is about, whoever made it, or whom one named who was refused to make
    one; a made-up one is at nobody."""
    made.basis, made.purpose, made.operator = BasisKind.BREAK_GLASS.value, glass.PURPOSE, caller.staff_label
    if caller.party_id is None or caller.staff_id is None:
        return
    if "subject" in query:
        subject_id = await _named(unit, query["subject"], at)
        made.lens = Lens(Audience.ORGAN, BasisKind.BREAK_GLASS, subject_id) if subject_id is not None else None
        return
    row = await glass.named(unit, caller.party_id, str(query.get("glassId"))[:_LONGEST])
    if row is not None:
        made.grant_id, made.case_number, made.lens = row.id, row.number, glass.lens_of(row)


async def _of_sample(unit: Unit, made: Look, query: Mapping[str, Any], caller: Caller, _at: datetime) -> None:
    """At whom a look was that the caller's department drew; another's and a made-up one are at nobody."""
    made.basis, made.purpose = BasisKind.SUPERVISION_SAMPLE.value, samples.PURPOSE
    area = await areas.of(unit, caller.party_id) if caller.party_id is not None else None
    if area is None or caller.party_id is None or caller.staff_id is None:
        return
    by = Inspector(caller.party_id, caller.staff_id, area)
    found = await samples.named(unit, by, str(query.get("itemId"))[:_LONGEST])
    if found is not None:
        subject_id, sample = found
        made.grant_id, made.case_number, made.lens = sample.id, sample.number, samples.lens_of(sample, subject_id)


async def _of_complaint(unit: Unit, made: Look, query: Mapping[str, Any], caller: Caller, at: datetime) -> None:
    """At whom a complaint of the caller's department is about, whoever took it in, or whom one named who was refused to
    take one in or to confirm it; another department's and a made-up one are at nobody."""
    made.basis, made.purpose = BasisKind.SUPERVISION_COMPLAINT.value, complaints.PURPOSE
    made.operator = caller.staff_label
    area = await areas.of(unit, caller.party_id) if caller.party_id is not None else None
    if area is None or caller.party_id is None or caller.staff_id is None:
        return
    if "subject" in query:
        subject_id = await _named(unit, query["subject"], at)
        made.lens = Lens(Audience.ORGAN, BasisKind.SUPERVISION_COMPLAINT, subject_id) if subject_id else None
        return
    by = Inspector(caller.party_id, caller.staff_id, area)
    row = await complaints.named(unit, by, str(query.get("complaintId"))[:_LONGEST])
    if row is not None:
        made.grant_id, made.case_number = row.id, row.number
        made.lens = complaints.lens_of(row) if row.subject_id is not None else None


async def _of_paper(unit: Unit, made: Look, query: Mapping[str, Any], caller: Caller, at: datetime) -> None:
    """At whoever has the number and the name that a counter's clerk typed for an objection on paper, or whom a case of
    the counter's is about whose letter they asked for; a made-up one is at nobody."""
    made.basis, made.purpose, made.operator = BasisKind.OBJECTION.value, receiving.PURPOSE, caller.staff_label
    if caller.party_id is None or caller.staff_id is None:
        return
    if "subject" in query:
        subject_id = await _named(unit, query["subject"], at)
        made.lens = Lens(Audience.ORGAN, BasisKind.OBJECTION, subject_id) if subject_id else None
        return
    row = await receiving.named(unit, caller.party_id, str(query.get("number"))[:_LONGEST])
    if row is not None:
        made.case_number, made.lens = row.number, Lens(Audience.ORGAN, BasisKind.OBJECTION, row.subject_id)


async def _named(unit: Unit, typed: Any, at: datetime) -> str | None:
    """Whose number and name were typed; None for nobody's, and for what is no number."""
    if not isinstance(typed, dict):
        return None
    kind = typed.get("type")
    try:
        number = parse(IdentityType(getattr(kind, "value", kind)), str(typed.get("number")), today=day_of(at))
    except (BadIdentity, ValueError):
        return None
    return await subjects.named(unit, number, str(typed.get("name")).strip(), at=at)


_Fill = Callable[[Unit, Look, Mapping[str, Any], Caller, datetime], Awaitable[None]]
_NAMING: Mapping[audiences.Lens, _Fill] = {
    audiences.Lens.GRANTED: _of_grant,
    audiences.Lens.AGENCY: _of_statute,
    audiences.Lens.COUNTER_TRAIL: _of_case,
    audiences.Lens.KIOSK_TRAIL: _of_visit,
    audiences.Lens.BROKEN_GLASS: _of_emergency,
    audiences.Lens.HANDLING: _of_paper,
    audiences.Lens.SAMPLE: _of_sample,
    audiences.Lens.COMPLAINT: _of_complaint,
}
