"""What can have happened, by which way it is told, and what became of the telling."""

from enum import Enum


class EventKind(Enum):
    """Something that happened and that somebody is told of."""

    GRANT_ISSUED = "GRANT_ISSUED"
    GRANT_REVOKED = "GRANT_REVOKED"
    GRANT_REQUESTED = "GRANT_REQUESTED"
    GRANT_MARKED = "GRANT_MARKED"
    GRANT_REJECTED = "GRANT_REJECTED"
    GRANT_PAUSED = "GRANT_PAUSED"
    GRANT_RESUMED = "GRANT_RESUMED"
    GRANT_RELINQUISHED = "GRANT_RELINQUISHED"
    RECORDS_CHANGED = "RECORDS_CHANGED"
    RECORD_CORRECTED = "RECORD_CORRECTED"
    MONITORING_ENDED = "MONITORING_ENDED"
    SCORE_OPENED = "SCORE_OPENED"
    SCORE_CLOSED = "SCORE_CLOSED"
    SCORE_REVIEW_ASKED = "SCORE_REVIEW_ASKED"
    SCORE_REVIEW_ANSWERED = "SCORE_REVIEW_ANSWERED"
    CLAIM_REDEEMED = "CLAIM_REDEEMED"
    REDEMPTION_REVERSED = "REDEMPTION_REVERSED"
    PARTY_FROZEN = "PARTY_FROZEN"
    HELPER_GIVEN = "HELPER_GIVEN"
    HELPER_ENDED = "HELPER_ENDED"
    LOOK_QUESTIONED = "LOOK_QUESTIONED"
    EXPORT_REQUESTED = "EXPORT_REQUESTED"
    EXPORT_READY = "EXPORT_READY"
    SUBJECT_RENAMED = "SUBJECT_RENAMED"
    SUBJECT_RENUMBERED = "SUBJECT_RENUMBERED"


class Way(Enum):
    """How a message travels. The app needs no carrier: the row itself is the notice."""

    SMS = "SMS"  # 短信
    POST = "POST"  # 邮寄
    WEBHOOK = "WEBHOOK"  # 系统推送


class DeliveryState(Enum):
    """What became of a message. Everything but DUE is final."""

    DUE = "DUE"
    DELIVERED = "DELIVERED"
    GIVEN_UP = "GIVEN_UP"
    WITHDRAWN = "WITHDRAWN"  # the webhook it was meant for is gone


class WebhookState(Enum):
    """Whether a party's webhook is sent to."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
