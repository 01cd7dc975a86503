"""What is kept of a subject's record as plain values, for their own copy (个人信息保护法 45): whole, and unmasked.

Numbers of third persons in a record are left out: a copy is about nobody else.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from audit.lens import Lens
from core.database import Unit
from core.errors import NotAvailable
from core.moments import day_of
from core.paging import PageRequest
from core.portions import Entry, Portion, portion
from core.statements import Row
from credit import corrections, exports, history, models, records, reports, residence, reviewing, score, subjects
from credit.catalogue import date_label
from credit.tables import evaluation, evaluation_version, record_version, subject
from parties import directory


async def oneself(unit: Unit, lens: Lens) -> Portion:
    """Name and number in full."""
    row = await unit.first(select(subject).where(subject.c.id == lens.subject_id))
    if row is None:
        raise NotAvailable()
    name, number = subjects.whole(unit.vault, row)
    entry = {
        "id": row.id,
        "kind": row.kind,
        "name": name,
        "identityType": row.identity_type,
        "identityNumber": number,
        "adultFrom": row.adult_from,
        "since": row.created_at,
        "formerly": [_former(one) for one in await subjects.formerly(unit, lens)],
    }
    return Portion([entry])


async def lived(unit: Unit, lens: Lens) -> Portion:
    """The district that the subject stated, and when."""
    row = await residence.find(unit, lens)
    return Portion([] if row is None else [{"district": row.residence_district, "statedAt": row.stated_at}])


async def recorded(unit: Unit, lens: Lens, request: PageRequest, *, at: datetime) -> Portion:
    """Every record, ended, repaired and withdrawn ones too, newest event first, each with what it said before."""
    wanted = records.Filter(include_ended=True)
    page = await records.page(unit, lens, request, wanted, with_items=True, at=at)
    earlier = await _earlier(unit, [row.id for row in page.items])

    def made(row: Row) -> Entry:
        before = [
            {
                "version": v.version,
                "saidSince": v.said_since,
                "replacedAt": v.replaced_at,
                **_said(lens, history.read(v.content)),
            }
            for v in earlier.get(row.id, ())
        ]
        return {
            "id": row.id,
            "version": row.version,
            "recordedAt": row.recorded_at,
            **_said(lens, row),
            "earlier": before,
        }

    return portion(page, made)


async def scored(unit: Unit, lens: Lens) -> Portion:
    """海河分: when it was opened and closed, by which notice, and while it is open its value and what moved it."""
    row = await score.of(unit, lens)
    if row is None:
        return Portion([])
    entry = {
        "status": row.status,
        "openedAt": row.opened_at,
        "closedAt": row.closed_at,
        "noticeHash": row.notice_hash,
        "value": row.value,
        "tier": row.tier,
        "modelVersion": row.model_version,
        "computedAt": row.computed_at,
        "objections": row.marks,
        "factors": _factors(row),
    }
    return Portion([entry])


async def reviewed(unit: Unit, lens: Lens, request: PageRequest) -> Portion:
    """Requests for 人工复核, newest first. Who answered is not said."""

    def made(row: Row) -> Entry:
        return {
            "id": row.id,
            "state": reviewing.state_of(row).value,
            "text": row.text,
            "askedAt": row.asked_at,
            "dueOn": row.due_on,
            "answer": row.answer,
            "answeredAt": row.answered_at,
            "endedAt": row.ended_at,
        }

    return portion(await reviewing.of_subject(unit, lens, request), made)


async def evaluated(unit: Unit, lens: Lens) -> Portion:
    """公共信用综合评价, and what was replaced, oldest first; whether it holds or is over."""
    e, v = evaluation.c, evaluation_version.c
    before = select(evaluation_version).where(v.subject_id == lens.subject_id).order_by(v.version)
    found = [{**_grade(row.content), "replacedAt": row.replaced_at} for row in await unit.all(before)]
    now = await unit.first(select(evaluation).where(e.subject_id == lens.subject_id))
    return Portion(found if now is None else [*found, _grade(now._asdict())])


async def corrected(unit: Unit, lens: Lens, request: PageRequest, *, at: datetime) -> Portion:
    """What was put right, and who was told; not who looked under an order to withhold."""
    page = await corrections.page(unit, lens, request, at=at)
    told = await corrections.told_of(unit, [row.id for row in page.items], at=at)
    parties = await directory.cards(unit, {one.party_id for some in told.values() for one in some})

    def made(row: Row) -> Entry:
        informed = [
            {"party": parties[one.party_id].name, "look": one.look_id, "lookedAt": one.looked_at}
            for one in told.get(row.id, ())
        ]
        said = {"id": row.id, "record": row.record_id, "category": row.category}
        return {**said, "wrongSince": row.wrong_since, "at": row.at, "toldAt": row.told_at, "informed": informed}

    return portion(page, made)


async def reported(unit: Unit, lens: Lens, request: PageRequest) -> Portion:
    """Reports, newest first, with all that they say. Those that a recipient had issued name it, and have no code."""
    page = await reports.about(unit, lens, request)
    parties = await directory.cards(unit, {row.party_id for row in page.items if row.party_id})

    def made(row: Row) -> Entry:
        return {
            "id": row.id,
            "number": row.number,
            "code": reports.code_of(unit, row) if row.party_id is None else None,
            "recipient": parties[row.party_id].name if row.party_id else None,
            "grant": row.grant_id,
            "state": reports.state_of(row).value,
            "issuedAt": row.issued_at,
            "validUntil": row.valid_until,
            "said": orjson.loads(reports.snapshot_of(unit, row)),
        }

    return portion(page, made)


async def exported(unit: Unit, lens: Lens, request: PageRequest, *, at: datetime) -> Portion:
    """Copies like this one, newest first."""

    def made(row: Row) -> Entry:
        return {
            "id": row.id,
            "state": exports.state_of(row, at=at).value,
            "requestedAt": row.requested_at,
            "readyAt": row.ready_at,
            "expiresAt": row.expires_at,
        }

    return portion(await exports.page(unit, lens, request), made)


def _former(one: subjects.Former) -> Entry:
    number = {"identityType": one.identity_type.value, "identityNumber": one.number}
    return {"name": one.name, **number, "until": one.until, "basis": one.basis, "source": one.source}


async def _earlier(unit: Unit, ids: Collection[str]) -> Mapping[str, Sequence[Row]]:
    c = record_version.c
    found: dict[str, list[Row]] = {}
    for row in await unit.all(select(record_version).where(c.record_id.in_(list(ids))).order_by(c.version)):
        found.setdefault(row.record_id, []).append(row)
    return found


def _said(lens: Lens, row: Any) -> Entry:
    """What a record, or an earlier version of it, says."""
    return {
        "category": row.category,
        "nature": row.nature,
        "title": row.title,
        "documentNumber": row.document_number,
        "authority": row.authority,
        "occurredOn": row.occurred_on,
        "dateLabel": date_label(row.catalogue, row.kind),
        "publicity": row.publicity,
        "publicityUntil": row.publicity_until,
        "queryUntil": row.query_until,
        "scoreUntil": row.score_until,
        "status": row.status,
        "repair": row.repair,
        "withdrawal": row.withdrawal,
        "source": {"name": row.source_name, "kind": row.source_kind},
        "catalogue": row.catalogue,
        "items": [{"code": i.code, "label": i.label, "value": i.value} for i in records.items(lens, row)],
        "objections": row.marks,
        "statement": row.statement,
    }


def _factors(row: Row) -> Sequence[Entry] | None:
    """What moved the score, in the words of the model that made it."""
    if row.factors is None:
        return None
    model = models.named(row.model_version, on=day_of(row.computed_at))
    reasons = [(model.reason(one["code"]), one["contribution"]) for one in row.factors]
    return [
        {"code": reason.code, "dimension": reason.dimension, "message": reason.message, "contribution": points}
        for reason, points in reasons
    ]


def _grade(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "version": said["version"],
        "grade": said["grade"],
        "basis": said["basis"],
        "assessedOn": said["assessed_on"],
        "validUntil": said["valid_until"],
        "source": said["source_name"],
        "basisChangedAt": said.get("basis_changed_at"),  # what was kept before the column was has none
        "objections": said["marks"],
        "recordedAt": said["recorded_at"],
    }
