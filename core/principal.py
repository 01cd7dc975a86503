"""Who is calling, as the token says it: nothing here has been looked up yet."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, IntEnum, StrEnum


class Scope(StrEnum):
    """What a token lets its bearer try, as `<area>:<action>`. What the bearer may see is in the rows."""

    AGENCY_ADMIT = "agency:admit"
    AGENCY_LOOK = "agency:look"
    AUDIT_EXPORT = "audit:export"
    CLAIM_MAKE = "claim:make"
    CLAIM_REDEEM = "claim:redeem"
    CLIENT_MANAGE = "client:manage"
    COUNTER_SERVE = "counter:serve"
    GLASS_ANSWER = "glass:answer"
    GLASS_BREAK = "glass:break"
    GRANT_GIVE = "grant:give"
    COMPLAINT_HANDLE = "complaint:handle"
    GRANT_USE = "grant:use"
    INDUSTRY_KEEP = "industry:keep"
    INTAKE_REVIEW = "intake:review"
    INTAKE_SEND = "intake:send"
    KIOSK_SERVE = "kiosk:serve"
    MANDATE_GIVE = "mandate:give"
    OBJECTION_APPROVE = "objection:approve"
    OBJECTION_FILE = "objection:file"
    OBJECTION_HANDLE = "objection:handle"
    OBJECTION_RECEIVE = "objection:receive"
    OBJECTION_VERIFY = "objection:verify"
    OFFER_APPROVE = "offer:approve"
    OFFER_MANAGE = "offer:manage"
    OVERSIGHT_READ = "oversight:read"
    ORDER_ANSWER = "order:answer"
    ORDER_GIVE = "order:give"
    PARTNER_READ = "partner:read"
    PARTY_ADMIT = "party:admit"
    PARTY_FREEZE = "party:freeze"
    PARTY_LINK = "party:link"
    PARTY_REGISTER = "party:register"
    PARTY_SUSPEND = "party:suspend"
    POST_REVIEW = "post:review"
    RELEASE_REVIEW = "release:review"
    REVIEW_ANSWER = "review:answer"
    SCORE_MANAGE = "score:manage"
    SECURITY_CONFIRM = "security:confirm"
    SECURITY_REVIEW = "security:review"
    SELF_EXPORT = "self:export"
    SELF_READ = "self:read"
    SELF_SPEAK = "self:speak"
    SHARE_APPROVE = "share:approve"
    SHARE_READ = "share:read"
    STAFF_MANAGE = "staff:manage"
    WEBHOOK_MANAGE = "webhook:manage"


class Assurance(IntEnum):
    """How surely the issuer knows the person; compared, so that a serious act can ask for more."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


class Channel(Enum):
    """Through which door the person came (Art. 7)."""

    APP = "APP"
    WEB = "WEB"
    MINI_PROGRAM = "MINI_PROGRAM"
    KIOSK = "KIOSK"
    COUNTER = "COUNTER"
    API = "API"


@dataclass(frozen=True)
class Principal:
    """A verified token's claims. `organisation` is the party id of the `org` claim, `mandate` the id of the mandate by
    which a person acts for another, `client_key` the key with which a client asked for the token, `bound_to` the
    thumbprint of the key whose holder alone may use it (RFC 9449)."""

    issuer: str
    name: str
    client: str
    scopes: frozenset[str] = field(default_factory=frozenset)
    assurance: Assurance = Assurance.LOW
    channel: Channel = Channel.API
    organisation: str | None = None
    mandate: str | None = None
    client_key: str | None = None
    bound_to: str | None = None

    @property
    def for_themselves(self) -> bool:
        """Whether a person acts in nobody's name but their own."""
        return self.organisation is None and self.mandate is None

    @property
    def key(self) -> str:
        """One word for this caller: what cursors and idempotency keys are bound to."""
        return "\x1f".join((self.issuer, self.name, self.organisation or self.mandate or ""))


ANONYMOUS = Principal(issuer="", name="", client="")


@dataclass(frozen=True)
class Proof:
    """One request's proof that its sender holds a key (RFC 9449), checked, but not yet spent.

    `key` is the key's thumbprint; `name` what it is spent under, and `until` when its request must have arrived;
    `showing` tells this request from every other that shows the same proof.
    """

    key: str
    name: str
    until: datetime
    showing: str
