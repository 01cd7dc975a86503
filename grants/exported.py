"""A subject's grants as plain values, for their own copy (个人信息保护法 45): terms, notices, every step.

Who among an organisation's people gave a mark or took a step is said by capacity alone.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from audit.lens import Lens
from core.database import Unit
from core.paging import PageRequest
from core.portions import Entry, Portion, portion
from core.statements import Row
from grants import counter, listing, marks, rules
from grants.tables import (
    consent_notice,
    cooling,
    counter_case,
    counter_paper,
    counter_print,
    grant_period,
    grant_step,
    kiosk_print,
    kiosk_visit,
)
from parties import directory

_TERMS = {
    "purpose": "purpose",
    "stages": "stages",
    "categories": "categories",
    "includesEvaluation": "includes_evaluation",
    "validFrom": "valid_from",
    "validUntil": "valid_until",
    "usesLeft": "uses_left",
    "usesPerPeriod": "per_period",
    "period": "period",
    "windowMonths": "window_months",
    "retentionDays": "retention_days",
    "documents": "documents",
    "monitoring": "monitoring",
    "template": "template",
}


async def granted(unit: Unit, lens: Lens, request: PageRequest, *, at: datetime) -> Portion:
    """Grants and requests, newest first, each with its terms, steps, marks, uses and the notices it rests on."""
    page = await listing.of_subject(unit, lens, request, None, at=at)
    ids = [row.id for row in page.items]
    steps, periods = await _several(unit, _steps(ids)), await _several(unit, _periods(ids))
    marked = await marks.of_several(unit, ids)
    parties = await directory.cards(unit, {p for row in page.items for p in (row.recipient_id, row.handled_by_id) if p})
    notices = await _notices(
        unit, {h for row in page.items for h in (row.notice_hash, row.monitoring_notice_hash) if h}
    )

    def made(row: Row) -> Entry:
        return {
            "id": row.id,
            "version": row.version,
            "status": rules.status_at(row, at=at).value,
            "recipient": parties[row.recipient_id].name,
            "handledBy": parties[row.handled_by_id].name if row.handled_by_id else None,
            "terms": {name: getattr(row, column) for name, column in _TERMS.items()},
            "askedFor": row.asked,
            "reason": row.reason,
            "reference": row.reference,
            "extends": row.extends_id,
            "createdAt": row.created_at,
            "lapsesAt": row.lapses_at,
            "endedAt": row.ended_at,
            "endedBy": row.ended_by,
            "endReason": row.end_reason,
            "notice": notices.get(row.notice_hash),
            "monitoringNotice": notices.get(row.monitoring_notice_hash),
            "marks": [{"capacity": mark.capacity, "at": mark.at} for mark in marked.get(row.id, ())],
            "steps": [_step(step) for step in steps.get(row.id, ())],
            "periods": [{"begins": one.begins, "used": one.used} for one in periods.get(row.id, ())],
        }

    return portion(page, made)


async def unheard(unit: Unit, lens: Lens) -> Portion:
    """From whom no requests are heard, why and until when."""
    c = cooling.c
    rows = await unit.all(select(cooling).where(c.subject_id == lens.subject_id).order_by(c.until, c.party_id, c.cause))
    parties = await directory.cards(unit, {row.party_id for row in rows})
    return Portion([{"party": parties[row.party_id].name, "cause": row.cause, "until": row.until} for row in rows])


async def at_counter(unit: Unit, lens: Lens) -> Portion:
    """Visits to the counter about the subject, newest first: as what somebody came, with which papers, what was
    printed. Who came is named; their number is not."""
    c = counter_case.c
    rows = await unit.all(
        select(counter_case).where(c.subject_id == lens.subject_id).order_by(c.opened_at.desc(), c.id)
    )
    ids = [row.id for row in rows]
    brought = await unit.all(
        select(counter_paper).where(counter_paper.c.case_id.in_(ids)).order_by(counter_paper.c.paper)
    )
    printed = await unit.all(
        select(counter_print).where(counter_print.c.case_id.in_(ids)).order_by(counter_print.c.begun_at)
    )
    return Portion(
        [
            {
                "number": row.number,
                "kind": row.kind,
                "desk": row.desk,
                "applicant": counter.people(unit, row).get("applicant"),
                "categories": row.categories,
                "authorisedUntil": row.authorised_until,
                "openedAt": row.opened_at,
                "supplementAt": row.supplement_at,
                "lacking": row.lacking,
                "looks": row.looks,
                "endedAt": row.ended_at,
                "papers": [
                    {"paper": one.paper, "form": one.form, "checks": one.checks, "scanned": one.scan_id is not None}
                    for one in brought
                    if one.case_id == row.id
                ],
                "prints": [
                    {"what": one.what, "outcome": one.outcome, "at": one.begun_at}
                    for one in printed
                    if one.case_id == row.id
                ],
            }
            for row in rows
        ]
    )


async def at_kiosk(unit: Unit, lens: Lens) -> Portion:
    """Visits to a kiosk on the subject's document, newest first: which document, how its bearer was checked, what was
    printed."""
    v, p = kiosk_visit.c, kiosk_print.c
    rows = await unit.all(select(kiosk_visit).where(v.subject_id == lens.subject_id).order_by(v.begun_at.desc(), v.id))
    printed = await unit.all(
        select(kiosk_print).where(p.visit_id.in_([row.id for row in rows])).order_by(p.begun_at, p.id)
    )
    return Portion(
        [
            {
                "number": row.number,
                "document": row.document,
                "checked": row.checked,
                "begunAt": row.begun_at,
                "looks": row.looks,
                "endedAt": row.ended_at,
                "prints": [{"outcome": one.outcome, "at": one.begun_at} for one in printed if one.visit_id == row.id],
            }
            for row in rows
        ]
    )


async def settings(unit: Unit, lens: Lens) -> Portion:
    """Whether the subject, an organisation, wants its two marks from two people."""
    return Portion([{"marksFromTwoPeople": await marks.apart(unit, lens)}])


def _step(row: Row) -> Entry:
    return {
        "version": row.version,
        "act": row.act,
        "from": row.came_from,
        "to": row.led_to,
        "side": row.side,
        "capacity": row.capacity,
        "reason": row.reason,
        "at": row.at,
    }


def _steps(ids: Collection[str]) -> Select[Any]:
    return select(grant_step).where(grant_step.c.grant_id.in_(list(ids))).order_by(grant_step.c.version)


def _periods(ids: Collection[str]) -> Select[Any]:
    return select(grant_period).where(grant_period.c.grant_id.in_(list(ids))).order_by(grant_period.c.begins)


async def _several(unit: Unit, query: Select[Any]) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = {}
    for row in await unit.all(query):
        found.setdefault(row.grant_id, []).append(row)
    return found


async def _notices(unit: Unit, hashes: Collection[str]) -> Mapping[str, Entry]:
    rows = await unit.all(select(consent_notice).where(consent_notice.c.hash.in_(list(hashes))))
    return {
        row.hash: {
            "hash": row.hash,
            "kind": row.kind,
            "version": row.version,
            "language": row.language,
            "text": row.text,
            "retention": row.retention,
            "withdrawalEffect": row.withdrawal_effect,
        }
        for row in rows
    }
