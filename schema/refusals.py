"""Refusals as data: the one way a mutation says no."""

from datetime import datetime
from enum import Enum

import strawberry

from core.errors import Refused
from schema.sentences import sentence


@strawberry.enum(description="Why a mutation was refused.")
class RefusalCode(Enum):
    """Every code a `Refusal` can carry."""

    NOT_AVAILABLE = "NOT_AVAILABLE"
    INVALID_INPUT = "INVALID_INPUT"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    NOTICE_CHANGED = "NOTICE_CHANGED"
    RECIPIENT_REFUSED = "RECIPIENT_REFUSED"
    MARKS_REQUIRED = "MARKS_REQUIRED"
    MARK_GIVEN = "MARK_GIVEN"
    OTHER_PERSON = "OTHER_PERSON"
    TERMS_FIXED = "TERMS_FIXED"
    SCORE_NOT_APPLICABLE = "SCORE_NOT_APPLICABLE"
    SCORE_ALREADY_OPEN = "SCORE_ALREADY_OPEN"
    SCORE_NOT_OPEN = "SCORE_NOT_OPEN"
    REVIEW_PENDING = "REVIEW_PENDING"
    REVIEW_NOT_OPEN = "REVIEW_NOT_OPEN"
    REVIEW_OVER = "REVIEW_OVER"
    NOT_RELEASED = "NOT_RELEASED"
    GLASS_WAITS = "GLASS_WAITS"
    GLASS_CLOSED = "GLASS_CLOSED"
    SHARE_STATE = "SHARE_STATE"
    SAMPLES_SPENT = "SAMPLES_SPENT"
    SAMPLE_OVER = "SAMPLE_OVER"
    COMPLAINT_STATE = "COMPLAINT_STATE"
    NOT_AS_REGISTERED = "NOT_AS_REGISTERED"
    SHARE_FORGOTTEN = "SHARE_FORGOTTEN"
    SHARE_DAY_FULL = "SHARE_DAY_FULL"
    NOT_THE_AUTHOR = "NOT_THE_AUTHOR"
    NOT_SIMULATED = "NOT_SIMULATED"
    RUN_UNDERWAY = "RUN_UNDERWAY"
    RUNS_SPENT = "RUNS_SPENT"
    SHEET_NUMBER_USED = "SHEET_NUMBER_USED"
    SHEETS_WAITING = "SHEETS_WAITING"
    NOT_STARTED = "NOT_STARTED"
    ENDED = "ENDED"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    SOLD_OUT = "SOLD_OUT"
    BUDGET_EXHAUSTED = "BUDGET_EXHAUSTED"
    STOCK_COMMITTED = "STOCK_COMMITTED"
    BUDGET_COMMITTED = "BUDGET_COMMITTED"
    NOT_COMBINABLE = "NOT_COMBINABLE"
    PERSON_LIMIT_REACHED = "PERSON_LIMIT_REACHED"
    TOO_MANY_DEFERRALS = "TOO_MANY_DEFERRALS"
    NOT_CLAIMED = "NOT_CLAIMED"
    OFFLINE_CODE_OUT = "OFFLINE_CODE_OUT"
    NOT_REDEEMABLE = "NOT_REDEEMABLE"
    TOO_MANY_WRONG_CODES = "TOO_MANY_WRONG_CODES"
    ALREADY_REVERSED = "ALREADY_REVERSED"
    DEFERRAL_FINISHED = "DEFERRAL_FINISHED"
    REVERSAL_WINDOW_CLOSED = "REVERSAL_WINDOW_CLOSED"
    VERSION_CHANGED = "VERSION_CHANGED"
    WRONG_STATE = "WRONG_STATE"
    SECOND_PERSON = "SECOND_PERSON"
    NOBODY_LEFT = "NOBODY_LEFT"
    CODE_TAKEN = "CODE_TAKEN"
    LINK_TAKEN = "LINK_TAKEN"
    POST_LINKED = "POST_LINKED"
    KID_TAKEN = "KID_TAKEN"
    MANDATE_STANDS = "MANDATE_STANDS"
    MANDATE_ENDED = "MANDATE_ENDED"
    NOT_GRANTED = "NOT_GRANTED"
    GRANT_ENDED = "GRANT_ENDED"
    PERIOD_USED_UP = "PERIOD_USED_UP"
    PURPOSE_LIMIT = "PURPOSE_LIMIT"
    PAPERS_MISSING = "PAPERS_MISSING"
    COUNTER_CASE_ENDED = "COUNTER_CASE_ENDED"
    COUNTER_CASE_USED = "COUNTER_CASE_USED"
    COUNTER_BUSY = "COUNTER_BUSY"
    NO_CARD_READER = "NO_CARD_READER"
    DOCUMENT_NOT_READ = "DOCUMENT_NOT_READ"
    DOCUMENT_REFUSED = "DOCUMENT_REFUSED"
    KIOSK_VISIT_ENDED = "KIOSK_VISIT_ENDED"
    KIOSK_VISIT_USED = "KIOSK_VISIT_USED"
    KIOSK_BUSY = "KIOSK_BUSY"
    REPORT_NOT_READY = "REPORT_NOT_READY"
    REPORT_TOO_LONG = "REPORT_TOO_LONG"
    EXPORT_PENDING = "EXPORT_PENDING"
    EXPORT_TOO_SOON = "EXPORT_TOO_SOON"
    EXPORT_NOT_READY = "EXPORT_NOT_READY"
    EXPORT_EXPIRED = "EXPORT_EXPIRED"
    ROW_NOT_TAKEN = "ROW_NOT_TAKEN"
    CASE_CLOSED = "CASE_CLOSED"
    LETTER_NOT_READY = "LETTER_NOT_READY"
    WRONG_STEP = "WRONG_STEP"
    CASE_NOT_OPENED = "CASE_NOT_OPENED"
    CONFLICT_OF_INTEREST = "CONFLICT_OF_INTEREST"
    CASE_TAKEN = "CASE_TAKEN"
    FORWARDED_TOO_LATE = "FORWARDED_TOO_LATE"
    APPROVAL_NEEDED = "APPROVAL_NEEDED"
    STOP_OVERLAPS = "STOP_OVERLAPS"
    TOO_MANY_OBJECTIONS = "TOO_MANY_OBJECTIONS"


@strawberry.type(description="One offending input path, the code and, where there is one, the limit.")
class RefusalDetail:
    """Where the input broke which rule."""

    path: list[str]
    code: str
    message: str
    limit: str | None


@strawberry.type(
    description="The one way to say no. details name each offending input path, the code and, where there is one, "
    "the limit."
)
class Refusal:
    """An expected no, worded for its reader."""

    code: RefusalCode
    message: str
    details: list[RefusalDetail]
    retry_at: datetime | None

    @classmethod
    def of(cls, error: Refused, language: str) -> "Refusal":
        """The refusal a domain error stands for."""
        return cls(
            code=RefusalCode(error.code),
            message=sentence(error.code, language, **error.params),
            details=[
                RefusalDetail(
                    path=["input", *detail.path],
                    code=detail.code,
                    message=sentence(detail.code, language, limit=detail.limit or ""),
                    limit=detail.limit,
                )
                for detail in error.details
            ],
            retry_at=error.retry_at,
        )
