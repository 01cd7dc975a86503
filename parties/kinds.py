"""Kinds of organisations, posts and mandates, as the contract names them."""

from enum import Enum, StrEnum


class PartyKind(Enum):
    """What an organisation is to this service."""

    BANK = "BANK"
    FINANCING_PLATFORM = "FINANCING_PLATFORM"
    EMPLOYER = "EMPLOYER"
    INDUSTRY_ASSOCIATION = "INDUSTRY_ASSOCIATION"
    CREDIT_SERVICE_AGENCY = "CREDIT_SERVICE_AGENCY"
    STATE_ORGAN = "STATE_ORGAN"
    PARTNER = "PARTNER"
    PROVIDER = "PROVIDER"
    OTHER_ORGANISATION = "OTHER_ORGANISATION"


# Parties that a subject may let look (Art. 6(2)). Providers, organs and partners have their own ways, or none.
AUTHORISABLE = (
    PartyKind.BANK,
    PartyKind.FINANCING_PLATFORM,
    PartyKind.EMPLOYER,
    PartyKind.INDUSTRY_ASSOCIATION,
    PartyKind.CREDIT_SERVICE_AGENCY,
)


class ProviderKind(Enum):
    """The four kinds of information provider (Art. 2)."""

    STATE_ORGAN = "STATE_ORGAN"  # 国家机关
    AUTHORISED_ORGANISATION = "AUTHORISED_ORGANISATION"  # 法律法规授权的组织
    MASS_ORGANISATION = "MASS_ORGANISATION"  # 群团组织
    PUBLIC_SERVICE = "PUBLIC_SERVICE"  # 公共服务企业事业单位


class MandateKind(Enum):
    """In which capacity a person acts for a subject."""

    SELF = "SELF"
    LEGAL_REPRESENTATIVE = "LEGAL_REPRESENTATIVE"
    SEAL_KEEPER = "SEAL_KEEPER"
    AGENT = "AGENT"
    GUARDIAN = "GUARDIAN"
    HELPER = "HELPER"
    NEAR_RELATIVE = "NEAR_RELATIVE"


class Post(StrEnum):
    """What a staff member does. Scopes say what a token may try; the post is told to the person looked at."""

    APPROVER = "APPROVER"
    AUDITOR = "AUDITOR"
    CLERK = "CLERK"
    HANDLER = "HANDLER"
    KIOSK = "KIOSK"
    MANAGER = "MANAGER"
    OFFICER = "OFFICER"
    SECURITY = "SECURITY"
    SUPERVISOR = "SUPERVISOR"
    SYSTEM = "SYSTEM"  # not a person: what a registered client acts as
    TILL = "TILL"


class Target(Enum):
    """What can be frozen by itself: an organisation, one of its staff, a client's key, somebody's sign-in."""

    PARTY = "PARTY"
    STAFF = "STAFF"
    CLIENT_KEY = "CLIENT_KEY"
    LINK = "LINK"
