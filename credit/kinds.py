"""The words a record is described with, as the contract names them."""

from enum import Enum


class SubjectKind(Enum):
    """Who a record can be about (条例 2)."""

    NATURAL_PERSON = "NATURAL_PERSON"
    INDIVIDUAL_BUSINESS = "INDIVIDUAL_BUSINESS"  # 个体工商户
    LEGAL_PERSON = "LEGAL_PERSON"
    UNINCORPORATED = "UNINCORPORATED"


class AgeBand(Enum):
    """Whole years lived, in bands (`credit.ages`)."""

    UNDER_18 = "UNDER_18"
    FROM_18 = "FROM_18"
    FROM_25 = "FROM_25"
    FROM_35 = "FROM_35"
    FROM_45 = "FROM_45"
    FROM_60 = "FROM_60"
    FROM_65 = "FROM_65"
    FROM_80 = "FROM_80"


class RecordFact(Enum):
    """All that an offer may ask of somebody's record. Each speaks for them, and what is contested is taken so."""

    NO_ADVERSE = "NO_ADVERSE"  # no adverse record in force that is not contested
    HONOUR = "HONOUR"  # an honour in force: what is public anyway


class RecordNature(Enum):
    """Whether a record speaks for its subject."""

    FAVOURABLE = "FAVOURABLE"
    NEUTRAL = "NEUTRAL"
    ADVERSE = "ADVERSE"


class Publicity(Enum):
    """Who may see a record at all."""

    PUBLIC = "PUBLIC"
    ON_AUTHORISATION = "ON_AUTHORISATION"
    ORGANS_ONLY = "ORGANS_ONLY"


class RecordStatus(Enum):
    """Where a record stands. Others than the subject only ever see CURRENT."""

    CURRENT = "CURRENT"
    ENDED = "ENDED"
    REPAIRED = "REPAIRED"
    WITHDRAWN = "WITHDRAWN"
    SUPERSEDED = "SUPERSEDED"


class RepairState(Enum):
    """信用修复 as the deciding body reports it; this service decides nothing about it."""

    REPAIRABLE = "REPAIRABLE"
    UNDER_REPAIR = "UNDER_REPAIR"
    REPAIRED = "REPAIRED"


class WithdrawalCause(Enum):
    """Why a record was withdrawn. It says nothing of whose it is instead."""

    REVOKED = "REVOKED"  # the decision was revoked, or should never have been recorded
    NOT_THEIRS = "NOT_THEIRS"  # it is not this subject's
    DUPLICATE = "DUPLICATE"  # two subjects turned out to be one, and both had it
    UNVERIFIED = "UNVERIFIED"  # contested, and its provider did not answer in time (Art. 12)


class ScoreStatus(Enum):
    """Where a person's 海河分 stands."""

    NOT_APPLICABLE = "NOT_APPLICABLE"
    NOT_OPENED = "NOT_OPENED"
    COMPUTING = "COMPUTING"
    OPEN = "OPEN"
    CLOSED = "CLOSED"


class ScoreReviewState(Enum):
    """How a request for 人工复核 stands."""

    PENDING = "PENDING"
    ANSWERED = "ANSWERED"
    LAPSED = "LAPSED"  # its score was closed before anybody answered


class EvaluationGrade(Enum):
    """公共信用综合评价: the grade of an organisation (Art. 9)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class ExportState(Enum):
    """How a copy of everything about oneself stands."""

    REQUESTED = "REQUESTED"
    READY = "READY"
    EXPIRED = "EXPIRED"  # its term is over and its file gone


class ReportKind(Enum):
    """What a report says: all, or whether there is a violation (专项信用报告 in place of a paper certificate)."""

    FULL = "FULL"
    NO_VIOLATION_CERTIFICATE = "NO_VIOLATION_CERTIFICATE"


class ReportCheckState(Enum):
    """Whether a report is ours and still says what the record says."""

    GENUINE = "GENUINE"
    SUPERSEDED = "SUPERSEDED"
    NOT_CONFIRMED = "NOT_CONFIRMED"
