"""Reports (Arts. 7, 10): issued as a frozen snapshot with number and code, listed, found, and checked by anybody.

A report shows what may be handed on: the records a recipient of the same kinds would see. Row and snapshot are one
commit; the PDF is set from the snapshot afterwards (`credit.printing`), so that there is no half report.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select

from audit.lens import Audience, Lens
from core import installation
from core.blobs import Blobs
from core.cursors import Sealer
from core.database import Unit, WriteUnit
from core.errors import NotAvailable
from core.ids import new_id
from core.installation import Kind
from core.moments import day_of, rfc3339
from core.paging import LARGEST_PAGE, Order, Page, PageRequest
from core.statements import Row
from credit import certificate, grades, marks, records, subjects
from credit.catalogue import date_label
from credit.errors import ReportNotReady, ReportTooLong
from credit.kinds import Publicity, RecordNature, RecordStatus, ReportCheckState, ReportKind, SubjectKind
from credit.subjects import Subject
from credit.tables import evaluation, former_identity, record, report, report_record, subject
from credit.typeset import layout
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind

LIFE = timedelta(days=30)  # CHOICE: as long as a bank takes to decide; what is older is issued anew, free
MOST_RECORDS = 2000
CODE_KIND = "report"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_LENGTH, _CODE_LENGTH, _GROUP = 16, 20, 4  # 80 bits of a number that nobody meets twice, 100 of a secret code
_CODE, _SNAPSHOT = "report.code_sealed", "report.snapshot_sealed"
# What a report says of the evaluation: it holds, none does, or the grant does not include it.
HELD, NONE, NOT_GRANTED = "HELD", "NONE", "NOT_GRANTED"
_OMISSIONS = "omissions"  # and how often its marks that something is missing had changed
_EVALUATION = "evaluation"  # in place of a record's id: which version of it a report says, 0 for that there is none
_AT_ONCE = 500
_NEWEST = Order(report.c.issued_at, report.c.id, write=rfc3339, read=datetime.fromisoformat)
_READ_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


@dataclass(frozen=True)
class Wanted:
    """What kind of report, and over which days; both are inclusive."""

    kind: ReportKind
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Authority:
    """The grant through which a recipient has a report issued."""

    grant_id: str
    party_id: str
    recipient: str
    purpose: str
    categories: Sequence[str]
    evaluation: bool = False


@dataclass(frozen=True)
class Check:
    """What anybody who holds number and code is told. Only the state, where they do not belong together."""

    state: ReportCheckState
    issued_at: datetime | None = None
    valid_until: datetime | None = None
    subject_masked: str | None = None


async def issue(unit: WriteUnit, lens: Lens, wanted: Wanted, authority: Authority | None, *, at: datetime) -> str:
    """Freeze what the lens's subject may hand on, or what a recipient's lens shows; the report's id.

    Raises `Invalid` for a period that is none, and `ReportTooLong`.
    """
    certifies = wanted.kind is ReportKind.NO_VIOLATION_CERTIFICATE
    certificate.check_period(wanted.start, wanted.end, today=day_of(at), needed=certifies)
    handed = replace(lens, audience=Audience.RECIPIENT)
    missing, since = await marks.omissions_held(unit, lens)
    rows = await _rows(unit, handed, wanted, at)
    found = await subjects.behind(unit, lens)
    graded = await _graded(unit, lens, found.kind, wanted, authority, at)
    id_, number, code = new_id("rpt"), _grouped(_NUMBER_LENGTH), _grouped(_CODE_LENGTH)
    snapshot: dict[str, Any] = {
        "format": "haihe-report/1",
        "number": number,
        "kind": wanted.kind.value,
        "issuedAt": rfc3339(at),
        "validUntil": rfc3339(at + LIFE),
        "demonstration": await installation.kind_of(unit) is Kind.DEMONSTRATION,
        "period": {"from": _day(wanted.start), "to": _day(wanted.end)},
        "subject": await _subject(unit, found, lens),
        "authority": _authority(authority),
        "evaluation": graded,
        # 遗漏异议: since when it is contested that something is missing of what follows.
        "objections": missing,
        "records": [_record(handed, row) for row in rows],
    }
    snapshot["layout"] = layout.outlined(snapshot)
    both = _both(number, code)
    row = {
        "id": id_,
        "number": number,
        "code_sealed": unit.vault.seal(_CODE, id_, both),
        "code_hash": unit.vault.lookup(CODE_KIND, both),
        "subject_id": lens.subject_id,
        "kind": wanted.kind.value,
        "grant_id": authority.grant_id if authority else None,
        "party_id": authority.party_id if authority else None,
        "start_on": wanted.start,
        "end_on": wanted.end,
        "record_count": len(rows),
        "snapshot_sealed": unit.vault.seal(_SNAPSHOT, id_, canonical(snapshot)),
        "issued_at": at,
        "valid_until": at + LIFE,
    }
    await unit.run(report.insert().values(row))
    shown = [{"report_id": id_, "record_id": row.id, "version": row.version} for row in rows]
    shown.append({"report_id": id_, "record_id": _OMISSIONS, "version": since})
    if graded is not None and graded["state"] != NOT_GRANTED:
        shown.append({"report_id": id_, "record_id": _EVALUATION, "version": graded["version"]})
    for start in range(0, len(shown), _AT_ONCE):
        await unit.run(report_record.insert(), shown[start : start + _AT_ONCE])
    if authority is None:
        await changes.tell(unit, Change(lens.subject_id, ChangeKind.REPORT, id_, 1), at=at)
    return id_


async def page(unit: Unit, lens: Lens, request: PageRequest) -> Page[Row]:
    """One's own reports, newest first; those that recipients had made stand in the trail."""
    mine = select(report, _has_changed().label("changed")).where(
        report.c.subject_id == lens.subject_id, report.c.party_id.is_(None)
    )
    return await _NEWEST.read_page(unit, mine, request)


async def about(unit: Unit, lens: Lens, request: PageRequest) -> Page[Row]:
    """Every report about the lens's subject, newest first, whoever had it issued."""
    every = select(report, _has_changed().label("changed")).where(report.c.subject_id == lens.subject_id)
    return await _NEWEST.read_page(unit, every, request)


async def own(unit: Unit, lens: Lens, report_id: str) -> Row:
    """One of one's own reports; raises `NotAvailable`."""
    return await _one(unit, report.c.subject_id == lens.subject_id, report.c.party_id.is_(None), id_=report_id)


async def of_party(unit: Unit, party_id: str, report_id: str) -> Row:
    """A report that this organisation had made; raises `NotAvailable`."""
    return await _one(unit, report.c.party_id == party_id, id_=report_id)


async def in_case(unit: Unit, lens: Lens, report_id: str) -> Row:
    """A report issued through a counter case's lens, the subject's own or on its authorisation; or `NotAvailable`."""
    on_it = or_(report.c.grant_id.is_(None), report.c.grant_id == lens.grant_id)
    return await _one(unit, report.c.subject_id == lens.subject_id, on_it, id_=report_id)


def snapshot_of(unit: Unit, row: Row) -> str:
    """What the report says, as canonical JSON."""
    return unit.vault.open(_SNAPSHOT, row.id, row.snapshot_sealed)


def code_of(unit: Unit, row: Row) -> str:
    """Its verification code."""
    return unit.vault.open(_CODE, row.id, row.code_sealed).partition(" ")[2]


def state_of(row: Row) -> ReportCheckState:
    """Whether a listed report still says what the record says."""
    return ReportCheckState.SUPERSEDED if row.changed else ReportCheckState.GENUINE


async def ticket(unit: WriteUnit, blobs: Blobs, row: Row, *, at: datetime) -> str:
    """A ticket to download the report's PDF once. Raises `ReportNotReady`. The caller has decided who may."""
    if row.pdf_id is None:
        raise ReportNotReady()
    return await blobs.ticket(unit, row.pdf_id, at=at)


async def check(unit: Unit, number: str, code: str) -> Check:
    """Whether number and code are one report's. One statement by one keyed hash answers for a number that is nobody's
    and for a wrong code: they are the same miss."""
    both = _both(number.upper().translate(_READ_ALIKE), code.upper().translate(_READ_ALIKE))
    query = (
        select(
            *(report.c.issued_at, report.c.valid_until, _has_changed().label("changed")),
            *(subject.c.id, subject.c.kind, subject.c.name_sealed, subject.c.identity_sealed),
            *(subject.c.identity_type, subject.c.adult_from),
        )
        .join(subject, subject.c.id == report.c.subject_id)
        .where(report.c.code_hash.in_(unit.vault.lookups(CODE_KIND, both)))
    )
    row = await unit.first(query)
    if row is None:
        return Check(ReportCheckState.NOT_CONFIRMED)
    return Check(state_of(row), row.issued_at, row.valid_until, _masked(subjects.shown(unit.vault, row)))


async def is_pdf_of(unit: Unit, pdf_id: str, number: str) -> bool:
    """Whether a blob is the PDF of the report with this number."""
    return await unit.first(select(report.c.id).where(report.c.pdf_id == pdf_id, report.c.number == number)) is not None


def canonical(snapshot: Mapping[str, Any]) -> str:
    """JSON with sorted keys and nothing between them: the same words are the same bytes."""
    return orjson.dumps(snapshot, option=orjson.OPT_SORT_KEYS).decode()


async def _rows(unit: Unit, lens: Lens, wanted: Wanted, at: datetime) -> list[Row]:
    certifies = wanted.kind is ReportKind.NO_VIOLATION_CERTIFICATE
    asked = records.Filter(certificate.CATEGORIES if certifies else None, start=wanted.start, end=wanted.end)
    rows: list[Row] = []
    after: str | None = None
    while True:
        request = PageRequest(LARGEST_PAGE, after, Sealer(unit.vault, "report", lens.subject_id))
        found = await records.page(unit, lens, request, asked, with_items=True, at=at)
        rows += [row for row in found.items if not certifies or certificate.counts(row)]
        if len(rows) > MOST_RECORDS:
            raise ReportTooLong(limit=str(MOST_RECORDS))
        if not found.more:
            return rows
        after = found.seal(found.items[-1])


async def _subject(unit: Unit, found: Subject, lens: Lens) -> dict[str, Any]:
    """An organisation's code is public and stands whole, a person's number masked."""
    whole = found.kind is not SubjectKind.NATURAL_PERSON
    identity = await subjects.code_of(unit, lens) if whole else None
    return {
        "kind": found.kind.value,
        "name": found.name,
        "identityType": found.identity_type.value,
        "identity": identity or found.masked,
    }


async def _graded(
    unit: Unit, lens: Lens, kind: SubjectKind, wanted: Wanted, authority: Authority | None, at: datetime
) -> dict[str, Any] | None:
    """公共信用综合评价 as a whole report of an organisation says it; None in a report that has no such part."""
    if kind not in grades.KINDS or wanted.kind is not ReportKind.FULL:
        return None
    if authority is not None and not authority.evaluation:
        return {"state": NOT_GRANTED}
    row = await grades.newest(unit, lens)
    if row is None or not grades.holds(row, on=day_of(at)):
        return {"state": NONE, "version": row.version if row is not None else 0}
    return {
        "state": HELD,
        "version": row.version,
        "grade": row.grade,
        "basis": row.basis,
        "assessedOn": _day(row.assessed_on),
        "validUntil": _day(row.valid_until),
        "source": row.source_name,
        "basisChangedAt": rfc3339(row.basis_changed_at) if row.basis_changed_at is not None else None,
        "objections": list(row.marks),
    }


def _authority(authority: Authority | None) -> dict[str, Any] | None:
    if authority is None:
        return None
    said = {"recipient": authority.recipient, "purpose": authority.purpose}
    return {**said, "categories": sorted(authority.categories)}


def _record(lens: Lens, row: Row) -> dict[str, Any]:
    shown = records.items(lens, row)
    return {
        "id": row.id,
        "version": row.version,
        "category": row.category,
        "nature": row.nature,
        "title": row.title,
        "documentNumber": row.document_number,
        "authority": row.authority,
        "occurredOn": _day(row.occurred_on),
        "dateLabel": date_label(row.catalogue, row.kind),
        "publicityUntil": _day(row.publicity_until),
        "repair": row.repair,
        "source": row.source_name,
        "items": [{"code": i.code, "label": i.label, "value": i.value, "masked": i.masked} for i in shown],
        "objections": list(row.marks),
        "statement": row.statement,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _grouped(length: int) -> str:
    text = "".join(secrets.choice(_ALPHABET) for _ in range(length))
    return "-".join(text[start : start + _GROUP] for start in range(0, length, _GROUP))


def _both(number: str, code: str) -> str:
    return f"{_regrouped(number)} {_regrouped(code)}"


def _regrouped(text: str) -> str:
    """However it was typed, as it is printed."""
    plain = text.replace("-", "")[: _CODE_LENGTH * 2]
    return "-".join(plain[start : start + _GROUP] for start in range(0, len(plain), _GROUP))


def _masked(found: Subject) -> str:
    """A person by the first character and the masked number; an organisation's name is public."""
    person = found.kind is SubjectKind.NATURAL_PERSON
    name = found.name[:1] + "*" * (len(found.name) - 1) if person else found.name
    return f"{name} {found.masked}"


def _has_changed() -> ColumnElement[bool]:
    """Whether a record in the report, or the evaluation, has another version now, its subject another name or number,
    or another mark that something is missing; of a certificate, also whether it lacks a record."""
    of_subject = select(evaluation.c.version).where(evaluation.c.subject_id == report.c.subject_id)
    graded = of_subject.correlate(report).scalar_subquery()
    regraded = exists().where(
        report_record.c.report_id == report.c.id,
        report_record.c.record_id == _EVALUATION,
        report_record.c.version != func.coalesce(graded, 0),
    )
    lacking = exists().where(
        report_record.c.report_id == report.c.id,
        report_record.c.record_id == _OMISSIONS,
        subject.c.id == report.c.subject_id,
        subject.c.omissions_version != report_record.c.version,
    )
    shown = and_(report_record.c.report_id == report.c.id, report_record.c.record_id == record.c.id)
    replaced = exists().where(shown, record.c.version != report_record.c.version)
    missing = exists().where(
        report.c.kind == ReportKind.NO_VIOLATION_CERTIFICATE.value,
        record.c.subject_id == report.c.subject_id,
        record.c.category.in_(sorted(certificate.CATEGORIES)),
        record.c.nature == RecordNature.ADVERSE.value,
        record.c.status == RecordStatus.CURRENT.value,
        record.c.publicity != Publicity.ORGANS_ONLY.value,
        record.c.sorted_on.between(report.c.start_on, report.c.end_on),
        ~exists(select(literal(1)).where(shown).correlate(report, record)),
    )
    # Since then its subject has another name or number.
    renamed = exists().where(
        former_identity.c.subject_id == report.c.subject_id, former_identity.c.replaced_at > report.c.issued_at
    )
    return or_(replaced, regraded, lacking, missing, renamed)


async def _one(unit: Unit, *whose: ColumnElement[bool], id_: str) -> Row:
    query = select(report, _has_changed().label("changed")).where(report.c.id == id_, *whose)
    row = await unit.first(query)
    if row is None:
        raise NotAvailable()
    return row
