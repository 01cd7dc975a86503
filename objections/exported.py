"""A subject's objections as plain values, for their own copy (个人信息保护法 45): said, brought, asked and done.

Who of an organisation's people did it is said by their side alone, and what a provider says of somebody else is not in
it.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from audit.lens import Lens
from core.database import Unit
from core.paging import PageRequest
from core.portions import Entry, Portion, portion
from core.statements import Row
from objections import addresses, cases, dates, evidence, filers, messages, outcomes, steps
from objections.kinds import Side
from objections.tables import verification
from parties import directory

_AS_KEPT = {
    "id": "id",
    "number": "number",
    "rehears": "rehears",
    "version": "version",
    "status": "status",
    "target": "target",
    "targetId": "target_id",
    "described": "described",
    "ground": "ground",
    "request": "request",
    "phase": "phase",
    "text": "text",
    "addressee": "addressee",
    "district": "district",
    "track": "track",
    "capacity": "capacity",
    "channel": "channel",
    "filedAt": "filed_at",
    "dueOn": "due_on",
    "supplementBy": "supplement_by",
    "forwardedAt": "forwarded_at",
    "delivery": "delivery",
    "notifiedAt": "notified_at",
    "endedAt": "ended_at",
}
_ANSWER = {"outcome": "outcome", "reason": "reason", "decidedAt": "decided_at"}


async def contested(unit: Unit, lens: Lens, request: PageRequest) -> Portion:
    """Objections, newest first, each with its dates, stops, messages, papers, questions to the provider and steps."""
    page = await cases.of_subject(unit, lens, request)
    ids = [row.id for row in page.items]
    taken = await steps.of_several(unit, ids)
    due, stops = await dates.dates_of_several(unit, ids), await dates.stops_of_several(unit, ids)
    said, papers = await messages.of_several(unit, ids, thread=Side.APPLICANT), await evidence.of_several(unit, ids)
    asked = await _asked(unit, ids)
    parties = await directory.cards(unit, {row.institution_id for row in page.items})
    filed_by = await filers.names_of(unit, page.items)

    def made(row: Row) -> Entry:
        return {
            **{name: getattr(row, column) for name, column in _AS_KEPT.items()},
            **{name: getattr(row, column) if outcomes.is_said(row) else None for name, column in _ANSWER.items()},
            "institution": parties[row.institution_id].name,
            "address": addresses.opened(unit, row),
            "applicant": filed_by[row.id],
            "dates": [_some(one, "due_on since held provisional cause") for one in due[row.id]],
            "stops": [_some(one, "cause started_on ended_on") for one in stops[row.id]],
            "messages": [_some(one, "side text at") for one in said[row.id]],
            "evidence": [
                _some(one, "id media_type size sha256 brought_at")
                for one in papers[row.id]
                if one.side == Side.APPLICANT.value
            ],
            "verifications": [
                _some(one, "question asked_at due_on answer reason answered_at") for one in asked[row.id]
            ],
            "steps": [{**_some(one, "act side at"), **steps.asked(one)} for one in taken[row.id]],
        }

    return portion(page, made)


async def _asked(unit: Unit, ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
    v = verification.c
    rows = await unit.all(select(verification).where(v.objection_id.in_(list(ids))).order_by(v.asked_at, v.id))
    return {id_: [row for row in rows if row.objection_id == id_] for id_ in ids}


def _some(row: Row, columns: str) -> Entry:
    """These columns, by the names that they have in JSON."""
    return {_camel(column): getattr(row, column) for column in columns.split()}


def _camel(column: str) -> str:
    first, *rest = column.split("_")
    return first + "".join(word.capitalize() for word in rest)
