"""The words of the policy table: audiences, levels, and what a line says."""

from dataclasses import dataclass
from enum import Enum

from core.principal import Assurance, Scope


class Level(Enum):
    """What a field says, and of whom."""

    OPEN = "OPEN"  # the same for everyone, about nobody in particular, or lawfully public
    OWN = "OWN"  # about the calling organisation's own business
    PERSONAL = "PERSONAL"  # about one subject
    SENSITIVE = "SENSITIVE"  # about one subject, and harmful in wrong hands


class Lens(Enum):
    """The audiences. What an audience may never see is not in its lens's types."""

    VIEWER = "VIEWER"
    ME = "ME"
    PUBLISHED = "PUBLISHED"
    OFFERS = "OFFERS"
    PARTIES = "PARTIES"
    NOTICE = "NOTICE"
    GRANTED = "GRANTED"
    RECIPIENT = "RECIPIENT"
    PARTNER = "PARTNER"
    TILL = "TILL"
    APPROVALS = "APPROVALS"
    ORGANISATION = "ORGANISATION"
    AGENCY = "AGENCY"
    AGENCY_WORK = "AGENCY_WORK"
    COUNTER = "COUNTER"
    COUNTER_TRAIL = "COUNTER_TRAIL"
    KIOSK = "KIOSK"
    KIOSK_TRAIL = "KIOSK_TRAIL"
    BROKEN_GLASS = "BROKEN_GLASS"
    SHARING = "SHARING"
    HANDLING = "HANDLING"
    INTAKE_REVIEW = "INTAKE_REVIEW"
    PROVIDER = "PROVIDER"
    OVERSIGHT = "OVERSIGHT"
    SECURITY = "SECURITY"
    AUDITING = "AUDITING"
    SAMPLE = "SAMPLE"
    COMPLAINT = "COMPLAINT"
    INDUSTRY = "INDUSTRY"
    REPORT = "REPORT"
    REPORT_CHECK = "REPORT_CHECK"
    CHANGES = "CHANGES"


@dataclass(frozen=True)
class Root:
    """A root field's audience and what its caller's token must say. No scope: no sign-in needed."""

    lens: Lens
    scope: Scope | None = None
    assurance: Assurance = Assurance.LOW
    signed_in: bool = True
    # Whether it only takes back what was given: open to a stopped organisation too.
    takes_back: bool = False


@dataclass(frozen=True)
class Entry:
    """One coordinate's line in the table."""

    level: Level
    lenses: frozenset[Lens]
