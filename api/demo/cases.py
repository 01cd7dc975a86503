"""The story's cases (Art. 12): a handful, each at another point of its life, made by the functions that make anybody's.

When each act was done is counted back from the city's today (`terms`).
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from api import personas
from api.demo import papers
from api.demo.terms import REACH, Calendar
from api.settings import DEMONSTRATION_ISSUER
from audit.lens import Audience, BasisKind, Lens
from core import calendar, uploads
from core.blobs import Blobs
from core.cursors import Sealer
from core.database import Database, WriteUnit
from core.moments import day_of, start_of
from core.paging import PageRequest
from core.principal import Channel, Principal
from core.uploads import Owner
from credit import contesting, records, statement
from intake import righting
from objections import deciding, filing, forwarding, handling, moving, replying, stopping, verifying, withdrawing
from objections.applicants import Applicant
from objections.clock import PROVIDER_DAYS, SILENCE_BEFORE
from objections.deciding import Decision
from objections.forwarding import Question
from objections.kinds import (
    Delivery,
    ObjectionAddressee,
    ObjectionGround,
    ObjectionOutcome,
    ObjectionPhase,
    ObjectionRequest,
    ObjectionTarget,
    Side,
    StopCause,
    VerificationAnswer,
)
from objections.moving import Officer, Read
from objections.rights import Right
from objections.rules import Said
from objections.stopping import Stopping
from objections.verifying import Answer
from parties import callers, lookup
from parties.callers import Caller
from parties.kinds import MandateKind

_A_WHILE = timedelta(minutes=40)
_BEYOND = timedelta(days=60)
_SCOPE = "registration.scope"
_G, _R, _O = ObjectionGround, ObjectionRequest, ObjectionOutcome


async def tell(database: Database, blobs: Blobs, *, at: datetime) -> None:
    """Let all of them have happened in a city that was built at this instant."""
    today = day_of(at)
    async with database.writing() as unit:
        known = await calendar.known(unit, today - REACH - _BEYOND, today + _BEYOND)
        await _Cases(unit, blobs, Calendar(known, today), at).tell()


class _NoRecord(Exception):
    """Its subject has no record of the class that it would be about."""


@dataclass(frozen=True)
class _Case:
    """One of them: which, whose, and about which record."""

    id: str
    lens: Lens
    record_id: str | None


class _Cases:
    """What personas said, and what came of it."""

    def __init__(self, unit: WriteUnit, blobs: Blobs, days: Calendar, at: datetime) -> None:
        self._unit = unit
        self._blobs = blobs
        self._days = days
        self._at = at

    async def tell(self) -> None:
        """One after the other; none knows of another. What the catalogue of that day does not have is not contested."""
        for happened in (
            self._filed_today,
            self._with_its_provider,
            self._stopped,
            self._corrected,
            self._refused,
            self._waits_for_approval,
            self._withheld,
            self._withdrawn,
            self._missing,
            self._of_an_agency,
        ):
            with suppress(_NoRecord):
                await happened()

    async def _filed_today(self) -> None:
        filed = max(start_of(day_of(self._at)), self._at - _A_WHILE)
        said = _about(_G.ERROR, _R.CORRECT, "许可决定日期与证书上的不一样，请按证书照片核对。", delivery=Delivery.SMS)
        await self._file("citizen-8", "licence", said, filed, papers=2)

    async def _with_its_provider(self) -> None:
        """On the seventh working day: the provider's own last one."""
        term = self._days.on(PROVIDER_DAYS)
        said = _about(_G.ERROR, _R.CORRECT, "公司已经办完住所变更登记，这里显示的还是变更前的住所。")
        case = await self._file("company-1-legal", "registration", said, term.on(0, 9, 10), papers=1)
        await self._open(case, "handler-1", term.on(1, 9, 40))
        await self._forward(case, "handler-1", "住所是否已经变更登记？请附核准变更的依据。", term.on(2, 10, 20))

    async def _stopped(self) -> None:
        term = self._days.on(6)
        said = _about(_G.ERROR, _R.NOT_ME, "我没有申请过这张证，申请表上的签名不是我写的。")
        case = await self._file("citizen-3", "licence", said, term.on(0, 9, 10), papers=2)
        await self._open(case, "handler-1", term.on(1, 9, 15))
        officer, noted = await self._officer("handler-1"), term.on(2, 11)
        proof = await self._paper(Owner(party_id=officer.party_id, papers=True), noted)
        stop = Stopping(StopCause.APPRAISAL, term.day(2), proof)
        await stopping.open_(self._unit, officer, await self._read(officer, case), stop, at=noted)
        told = "申请表已送笔迹鉴定。鉴定期间不计入办理期限，结果一到就告诉您。"
        await replying.reply(self._unit, officer, case.id, told, at=term.on(2, 11, 5))

    async def _corrected(self) -> None:
        """Across the last Saturday that was worked, and answered on the seventh working day."""
        term = self._days.across_a_saturday(PROVIDER_DAYS)
        said = _about(_G.OMISSION, _R.CORRECT, "经营范围漏写了“堂食服务”，营业执照上有。")
        case = await self._file("shop-1", "registration", said, term.on(0, 9, 10), papers=1)
        await self._open(case, "handler-2", term.on(1, 10))
        asked = await self._forward(case, "handler-2", "经营范围是否漏写？请按核准登记的内容答复。", term.on(1, 10, 30))
        held = await contesting.find(self._unit, _seen(case.lens), case.record_id, at=self._at)
        assert held is not None
        right = righting.corrected(held, {_SCOPE: f"{held.items[_SCOPE]}；堂食服务"})
        said_by_provider = Answer(
            VerificationAnswer.CORRECT,
            "录入时漏写一项，以核准登记的经营范围为准。",
            right=Right(items=right.items, title=right.title),
        )
        await self._verify("provider-1", asked, said_by_provider, term.on(5, 15, 10))
        reason = "经信息提供单位核查，经营范围录入时漏写一项，已经按核准登记的内容更正。"
        answer = Decision(_O.CORRECTED, reason, ObjectionPhase.COLLECTION)
        await self._decide(case, "handler-2", answer, term.on(PROVIDER_DAYS, 10, 30))

    async def _refused(self) -> None:
        """By two people; what its subject says of it stands beside the record."""
        term = self._days.on(8)
        said = _about(_G.ERROR, _R.DELETE, "罚款已经缴清，请把这条记录删掉。")
        case = await self._file("citizen-9", "penalty", said, term.on(0, 9, 10), papers=1)
        await self._open(case, "handler-2", term.on(1, 9, 30))
        reason = (
            "经核对处罚决定书，所载内容与决定书一致。缴清罚款是履行义务，不改变处罚决定本身；"
            "履行义务以后，可以依法向作出决定的机关申请信用修复。"
        )
        await self._decide(case, "handler-2", Decision(_O.NOT_CORRECTED, reason), term.on(2, 16))
        approver = await self._officer("approver-1", Side.APPROVER)
        read = await self._read(approver, case)
        await deciding.approve(self._unit, approver, read, at=term.on(3, 9, 50))
        own = "罚款在收到决定书后三日内已经缴清，并已按要求整改。"
        version = (await self._record(case.lens, "penalty")).version
        said_at = term.on(4, 20)
        await statement.attach(self._unit, case.lens, case.record_id or "", own, expected=version, at=said_at)

    async def _waits_for_approval(self) -> None:
        term = self._days.on(3)
        said = _about(_G.ERROR, _R.CORRECT, "授予日期写错了，应当早一年。")
        case = await self._file("citizen-7", "honour", said, term.on(0, 9, 10))
        await self._open(case, "handler-1", term.on(1, 14))
        reason = "经核对授予文件，授予日期与文件所载一致，没有需要更正的内容。"
        await self._decide(case, "handler-1", Decision(_O.NOT_CORRECTED, reason), term.on(2, 15, 30))

    async def _withheld(self) -> None:
        """Its provider was silent until business hours were over on the last day."""
        term = self._days.on(12)
        said = _about(_G.ERROR, _R.NOT_ME, "这张证不是我的，只是姓名相同。")
        case = await self._file("citizen-7", "licence", said, term.on(0, 9, 10), papers=1)
        await self._open(case, "handler-1", term.on(1, 9))
        await self._forward(case, "handler-1", "持证人是不是异议申请人本人？请核对证件号码。", term.on(2, 10))
        officer = await self._officer("handler-1")
        row = await moving.find(self._unit, officer, case.id)
        await deciding.lapse(self._unit, case.id, at=row.due_at - SILENCE_BEFORE)

    async def _withdrawn(self) -> None:
        term = self._days.on(5)
        said = _about(_G.ERROR, _R.CORRECT, "证书名称好像写错了。")
        case = await self._file("citizen-2", "licence", said, term.on(0, 9, 10))
        await withdrawing.withdraw(self._unit, case.lens, case.id, expected=1, at=term.on(1, 12, 20))

    async def _missing(self) -> None:
        """Filed without a paper; it is asked for."""
        term = self._days.on(2)
        said = replace(
            _about(_G.OMISSION, _R.ADD, "请补上这张健康证明。"),
            target=ObjectionTarget.MISSING_RECORD,
            described="健康证明，去年由海津市市场监督管理委员会核发，证在我手里。",
        )
        case = await self._file("citizen-6", None, said, term.on(0, 9, 10))
        await self._open(case, "handler-2", term.on(1, 9, 20))
        asked = "请补交健康证明的照片，有编号和印章的一面要拍清楚。"
        await replying.reply(self._unit, await self._officer("handler-2"), case.id, asked, at=term.on(1, 9, 30))

    async def _of_an_agency(self) -> None:
        """Its own rules, and no working days (Art. 12(3))."""
        term = self._days.on(3)
        said = replace(
            _about(_G.ERROR, _R.CORRECT, "贵公司出具的报告里，许可决定日期与证书不一致。"),
            addressee=ObjectionAddressee.CREDIT_SERVICE_AGENCY,
            addressee_id=await lookup.find(self._unit, "AGENCY1"),
        )
        case = await self._file("citizen-5", "licence", said, term.on(0, 9, 10), papers=1)
        await self._open(case, "creditservice-1", term.on(1, 13, 40))

    async def _file(self, persona: str, kind: str | None, said: Said, at: datetime, *, papers: int = 0) -> _Case:
        """File it for a persona, about their record of a class, with so many pages."""
        caller = await self._caller(persona)
        lens = Lens(Audience.SUBJECT, BasisKind.SELF, caller.subject_id or "")
        record_id = str((await self._record(lens, kind)).id) if kind else None
        owner = Owner(subject_id=lens.subject_id)
        brought = tuple([await self._paper(owner, at) for _ in range(papers)])
        capacity = caller.mandate or MandateKind.SELF.value
        by = Applicant(capacity, Channel.APP.value, owner, person_id=caller.person_id)
        said = replace(said, target_id=record_id, evidence_ids=brought)
        filed = await filing.file(self._unit, lens, said, by, at=at)
        return _Case(filed.id, lens, record_id)

    async def _open(self, case: _Case, persona: str, at: datetime) -> None:
        officer = await self._officer(persona)
        await handling.open_(self._unit, officer, await self._read(officer, case), no_conflict=True, at=at)

    async def _forward(self, case: _Case, persona: str, question: str, at: datetime) -> str:
        """Ask the provider, and show it what the applicant says; what it was asked by."""
        officer = await self._officer(persona)
        read = await self._read(officer, case)
        return await forwarding.forward(self._unit, officer, read, Question(question, with_text=True), at=at)

    async def _verify(self, persona: str, asked: str, said: Answer, at: datetime) -> None:
        officer = await self._officer(persona, Side.PROVIDER)
        row = await verifying.find(self._unit, officer.party_id, asked)
        await verifying.answer(self._unit, officer, Read(asked, row.version), said, at=at)

    async def _decide(self, case: _Case, persona: str, decision: Decision, at: datetime) -> None:
        officer = await self._officer(persona)
        await deciding.decide(self._unit, officer, await self._read(officer, case), decision, at=at)

    async def _read(self, officer: Officer, case: _Case) -> Read:
        return Read(case.id, (await moving.find(self._unit, officer, case.id)).version)

    async def _record(self, lens: Lens, kind: str) -> Any:
        request = PageRequest(100, None, Sealer(self._unit.vault, "story"))
        page = await records.page(self._unit, lens, request, records.Filter(), with_items=False, at=self._at)
        found = next((row for row in page.items if row.kind == kind), None)
        if found is None:
            raise _NoRecord
        return found

    async def _paper(self, owner: Owner, at: datetime) -> str:
        """A page that somebody has sent."""
        draft = await self._blobs.write(_page(), at=at)
        kept = await uploads.keep(self._unit, self._blobs, draft, owner=owner, media_type=papers.MEDIA_TYPE, at=at)
        return kept.id

    async def _officer(self, persona: str, side: Side = Side.HANDLER) -> Officer:
        caller = await self._caller(persona)
        return Officer(caller.party_id or "", caller.staff_id or "", side)

    async def _caller(self, persona: str) -> Caller:
        """Who a persona is, as their token says it."""
        organisation = await personas.party_of(self._unit, persona)
        principal = Principal(DEMONSTRATION_ISSUER, persona, "", organisation=organisation)
        return await callers.identify(self._unit, principal, at=self._at)


def _about(ground: ObjectionGround, request: ObjectionRequest, text: str, *, delivery: Delivery = Delivery.APP) -> Said:
    return Said(ObjectionTarget.RECORD, ground, request, text, delivery=delivery)


def _seen(lens: Lens) -> Lens:
    """The same subject, as whoever handles the case sees it."""
    return Lens(Audience.ORGAN, BasisKind.OBJECTION, lens.subject_id)


async def _page() -> AsyncIterator[bytes]:
    yield papers.page()
