"""What a copy of everything about oneself is made of (个人信息保护法 45), and the sentences of its trail.

Each context says what it keeps in a function of its own; here is which there are, by which files, and which tables
they answer for. A table about subjects that is in no part stands in `LEFT_OUT` with its reason; a house test counts.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from audit import questions, receipts, trail
from audit.lens import Lens
from audit.receipts import Receipt
from core import uploads
from core.database import Unit
from core.paging import LARGEST_PAGE, PageRequest
from core.portions import Entry, Portion, portion
from core.statements import Row
from credit import exported as recorded
from credit import subjects
from grants import exported as granted
from incentives import exported as claimed
from notices import exported as told
from objections import exported as contesting
from oversight.duty import exported as emergencies
from oversight.industry import exported as graded
from oversight.supervision import exported as supervised
from parties import exported as taking_part
from schema.access import actor_of, behind, sentence

Read = Callable[[Unit, Lens, PageRequest, datetime], Awaitable[Portion]]


@dataclass(frozen=True)
class Part:
    """One file of a copy: its name, what it is called, the tables it answers for, and how a portion of it is read."""

    name: str
    title: str
    tables: frozenset[str]
    read: Read
    # How many entries are in memory at once; a report may be long.
    at_once: int = LARGEST_PAGE

    @property
    def file(self) -> str:
        """The file's name in the archive."""
        return f"{self.name}.json"


def _part(name: str, title: str, tables: str, read: Read, at_once: int = LARGEST_PAGE) -> Part:
    return Part(name, title, frozenset(tables.split()), read, at_once)


def _below(read: Callable[[Unit, str], Awaitable[Portion]]) -> Read:
    """What stands below the lens, whole."""
    return lambda unit, lens, _request, _at: read(unit, lens.subject_id)


def _whole(read: Callable[[Unit, Lens], Awaitable[Portion]]) -> Read:
    return lambda unit, lens, _request, _at: read(unit, lens)


def _paged(read: Callable[[Unit, Lens, PageRequest], Awaitable[Portion]]) -> Read:
    return lambda unit, lens, request, _at: read(unit, lens, request)


def _dated(read: Callable[..., Awaitable[Portion]]) -> Read:
    return lambda unit, lens, request, at: read(unit, lens, request, at=at)


async def _notices(unit: Unit, lens: Lens, request: PageRequest, _at: datetime) -> Portion:
    return await told.notices(unit, lens.subject_id, request)


async def _uploads(unit: Unit, lens: Lens, _request: PageRequest, _at: datetime) -> Portion:
    return await uploads.waiting(unit, uploads.Owner(subject_id=lens.subject_id))


async def _accesses(unit: Unit, lens: Lens, request: PageRequest, at: datetime) -> Portion:
    """Every look at oneself that is not withheld, own ones and each 贷后提示 too, with its receipt."""
    wanted = trail.Filter(include_own=True, each_event=True)
    lens = await subjects.looked_at(unit, lens)
    page = await trail.page(unit, lens, request, wanted, at=at)
    ids = [row.id for row in page.items]
    proved = await receipts.to_subject(unit, lens, ids)
    asked = await questions.asked(unit, lens, ids)
    rests_on = await behind(unit, page.items)

    def made(row: Row) -> Entry:
        receipt = proved.get(row.id)
        return {
            "id": row.id,
            "at": row.at,
            "summary": sentence(row, rests_on.get(row.id), at=at),
            "basis": row.basis,
            "actor": {"name": actor_of(row), "operator": row.operator},
            "purpose": row.purpose,
            "stage": row.stage,
            "channel": row.channel,
            "grant": row.grant_id,
            "caseNumber": row.case_number,
            "fields": [*row.fields, *row.codes],
            "categories": row.categories,
            "recordCount": row.record_count,
            "refused": row.refused is not None,
            "questionedAt": asked.get(row.id),
            "receipt": None if receipt is None else _receipt(receipt),
        }

    return portion(page, made)


def _receipt(receipt: Receipt) -> Entry:
    """As the API answers it: `haihe verify` reads either."""
    return {
        "position": str(receipt.position),
        "data": receipt.data,
        "salt": receipt.salt,
        "link": receipt.link,
        "linkSalt": receipt.link_salt,
        "proof": receipt.proof,
    }


# In the order in which the archive has them.
RECORDS = "records"
PARTS = (
    _part("subject", "本人身份", "subject former_identity", _whole(recorded.oneself)),
    _part(RECORDS, "信用记录", "record record_version", _dated(recorded.recorded)),
    _part("score", "海河分", "score", _whole(recorded.scored)),
    _part("residence", "居住的区", "residence", _whole(recorded.lived)),
    _part("score-reviews", "人工复核", "score_review", _paged(recorded.reviewed)),
    _part("evaluation", "公共信用综合评价", "evaluation evaluation_version", _whole(recorded.evaluated)),
    _part("industry-results", "行业信用评价结果", "industry_result", _paged(graded.made)),
    _part("corrections", "更正及告知", "correction correction_told", _dated(recorded.corrected)),
    _part(
        "objections",
        "异议申请",
        "objection objection_step objection_message objection_evidence due_date clock_stop verification",
        _paged(contesting.contested),
        at_once=20,
    ),
    _part("reports", "信用报告", "report report_record", _paged(recorded.reported), at_once=5),
    _part(
        "grants",
        "授权",
        "consent_grant consent_notice grant_step grant_mark grant_period",
        _dated(granted.granted),
    ),
    _part("counter", "窗口查询", "counter_case counter_paper counter_print", _whole(granted.at_counter)),
    _part("kiosk", "自助终端查询", "kiosk_visit kiosk_print", _whole(granted.at_kiosk)),
    _part("emergencies", "紧急查看", "broken_glass", _whole(emergencies.opened)),
    _part("complaints", "投诉", "complaint", _whole(supervised.complained)),
    _part("unheard", "暂不接收其请求的单位", "cooling", _whole(granted.unheard)),
    _part("settings", "授权设置", "marks_apart", _whole(granted.settings)),
    _part("accesses", "查询记录", "access look_shape log_leaf access_question", _accesses),
    _part("notices", "通知", "outbox delivery", _notices),
    _part("claims", "领取和核销", "claim redemption reversal deferral offline_upload", _dated(claimed.claimed)),
    _part("mandates", "代办关系", "mandate representation", _below(taking_part.mandates)),
    _part("sign-ins", "登录身份", "identity_link", _below(taking_part.sign_ins)),
    _part("organisation", "参与单位登记", "party", _below(taking_part.organisation)),
    _part("uploads", "待提交的材料", "upload", _uploads),
    _part("exports", "导出记录", "export", _dated(recorded.exported)),
)

# Tables that are about subjects, or hang on such a table, and are in no part.
LEFT_OUT: Mapping[str, str] = {
    "third_person": "numbers of other people in a record",
    "score_due": "says only that a score waits to be computed anew, for seconds",
    "connect_code": "a hash of a code that held for minutes; what it brought about is a grant",
    "grant_attempt": "keeps one attempt from being counted twice, for minutes; the look is in the trail",
    "change": "ids and versions of what stands in the other parts, for two days",
    "subject_merge": "who they were before it is in their identity, with basis, day and source",
    "subject_merge_row": "only which rows were moved, for an undoing; the rows themselves are in their parts",
    "industry_value": "a department's own numbers, as it sent them: what they gave is in the result",
    "budget_line": "the merchant's book of its money: what one's claims saved is in their redemptions",
    "staff": "an organisation's people, each of whom is somebody else",
    "client": "an organisation's programs and their keys: its desk lists them",
    "client_key": "an organisation's programs and their keys: its desk lists them",
}
