"""The demonstration's personas: who can be signed in as, and what their tokens may try. Never in a real database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import jwt

from api.settings import DEMONSTRATION_ISSUER
from api.tokens import ALGORITHM, LONGEST_LIFE_SECONDS
from core.database import Unit
from core.keys import KeyRings, Purpose
from core.principal import Channel, Scope
from parties import lookup

_CITIZEN = (
    Scope.SELF_EXPORT,
    Scope.SELF_READ,
    Scope.SELF_SPEAK,
    Scope.SCORE_MANAGE,
    Scope.GRANT_GIVE,
    Scope.CLAIM_MAKE,
    Scope.MANDATE_GIVE,
    Scope.OBJECTION_FILE,
)


@dataclass(frozen=True)
class Persona:
    """One person to be: a plain word of who, the token's client, channel and scopes."""

    who: str
    client: str
    channel: Channel
    scopes: tuple[Scope, ...]
    represents: bool = False


def _citizen(who: str) -> Persona:
    return Persona(who, "haihe-app", Channel.APP, _CITIZEN)


def _recipient(who: str, *more: Scope) -> Persona:
    return Persona(who, "haihe-desk", Channel.API, (Scope.GRANT_USE, Scope.WEBHOOK_MANAGE, *more))


def _staff(who: str, *scopes: Scope) -> Persona:
    return Persona(who, "haihe-desk", Channel.WEB, scopes)


_APPROVING = (
    Scope.PARTY_REGISTER,
    Scope.PARTY_ADMIT,
    Scope.PARTY_SUSPEND,
    Scope.STAFF_MANAGE,
    Scope.CLIENT_MANAGE,
    Scope.AGENCY_ADMIT,
    Scope.INTAKE_REVIEW,
    Scope.OBJECTION_APPROVE,
    Scope.OFFER_APPROVE,
    Scope.POST_REVIEW,
    Scope.GLASS_ANSWER,
    Scope.SHARE_APPROVE,
    Scope.RELEASE_REVIEW,
    Scope.SECURITY_CONFIRM,
    Scope.ORDER_ANSWER,
)
_SECURING = (
    *(Scope.PARTY_FREEZE, Scope.PARTY_SUSPEND, Scope.PARTY_LINK),
    *(Scope.GLASS_BREAK, Scope.SECURITY_REVIEW, Scope.SECURITY_CONFIRM),
)
_SUPERVISING = (Scope.OVERSIGHT_READ, Scope.ORDER_GIVE, Scope.COMPLAINT_HANDLE)
_MANAGING = (Scope.PARTNER_READ, Scope.OFFER_MANAGE, Scope.STAFF_MANAGE, Scope.CLIENT_MANAGE)
# What the app may ask for: the citizen's side, the till's, and the desks' of a partner, a recipient, a state organ and
# a provider, the institution's handler, approver, security officer, counter and kiosk, and the supervisor's.
_DESKS = (
    *(Scope.OFFER_MANAGE, Scope.OFFER_APPROVE),
    *(Scope.PARTNER_READ, Scope.GRANT_USE, Scope.AGENCY_LOOK, Scope.INTAKE_SEND, Scope.REVIEW_ANSWER),
    *(Scope.OBJECTION_HANDLE, Scope.OBJECTION_APPROVE, Scope.OBJECTION_VERIFY, Scope.OBJECTION_RECEIVE),
    *(
        Scope.COUNTER_SERVE,
        Scope.KIOSK_SERVE,
        Scope.OVERSIGHT_READ,
        Scope.COMPLAINT_HANDLE,
        Scope.STAFF_MANAGE,
        Scope.CLIENT_MANAGE,
    ),
    *(Scope.SECURITY_REVIEW, Scope.SECURITY_CONFIRM, Scope.INDUSTRY_KEEP, Scope.AUDIT_EXPORT),
    Scope.SHARE_READ,
    *(Scope.PARTY_FREEZE, Scope.PARTY_SUSPEND, Scope.PARTY_ADMIT, Scope.PARTY_LINK, Scope.AGENCY_ADMIT),
    *(Scope.GLASS_ANSWER, Scope.POST_REVIEW, Scope.RELEASE_REVIEW, Scope.SHARE_APPROVE, Scope.ORDER_ANSWER),
)
APP_SCOPES = frozenset({*_CITIZEN, Scope.CLAIM_REDEEM, *_DESKS})


PERSONAS: Mapping[str, Persona] = {
    "citizen-1": _citizen("餐馆经营者，正在申请贷款"),
    "citizen-2": _citizen("家政服务员，海河分已开通"),
    "citizen-3": _citizen("公司法定代表人，海河分尚未开通"),
    "citizen-4": _citizen("有一条正在异议的记录"),
    "citizen-5": _citizen("有一条已修复的处罚"),
    "citizen-6": _citizen("没有任何信用记录"),
    "citizen-7": _citizen("有多项荣誉"),
    "citizen-8": _citizen("求职者，已向用人单位授权"),
    "citizen-9": _citizen("有一条在公示期内的处罚"),
    "company-1-legal": replace(_citizen("海津示例餐饮管理有限公司的法定代表人"), represents=True),
    "company-1-seal": replace(_citizen("海津示例餐饮管理有限公司的公章保管人"), represents=True),
    "ward-1": _citizen("被监护的成年人，由 citizen-3 监护"),
    "shop-1": _citizen("个体工商户经营者"),
    "till-1": Persona("商户收银台", "haihe-till", Channel.API, (Scope.CLAIM_REDEEM, Scope.PARTNER_READ)),
    "partner-1": Persona("同一商户的经理", "haihe-desk", Channel.WEB, _MANAGING),
    "bank-1": _recipient("银行信贷员"),
    "platform-1": _recipient("融资信用服务平台"),
    "employer-1": _recipient("用人单位"),
    "association-1": _recipient("行业协会"),
    "creditservice-1": _recipient("信用服务机构", Scope.OBJECTION_HANDLE),
    "agency-1": _staff("国家机关许可经办人", Scope.AGENCY_LOOK, Scope.SHARE_READ),
    "agency-2": _staff("同一机关的许可复核人", Scope.AGENCY_LOOK, Scope.SHARE_READ),
    "provider-1": _staff("信息提供单位数据经办人", Scope.INTAKE_SEND, Scope.OBJECTION_VERIFY),
    "clerk-1": _staff("服务窗口工作人员", Scope.OBJECTION_RECEIVE, Scope.COUNTER_SERVE),
    "kiosk-1": Persona("自助终端", "haihe-kiosk", Channel.KIOSK, (Scope.KIOSK_SERVE,)),
    "handler-1": _staff("异议处理员甲", Scope.REVIEW_ANSWER, Scope.OBJECTION_HANDLE, Scope.GLASS_BREAK),
    "handler-2": _staff("异议处理员乙", Scope.REVIEW_ANSWER, Scope.OBJECTION_HANDLE, Scope.GLASS_BREAK),
    "approver-1": _staff("审批人甲", *_APPROVING),
    "approver-2": _staff("审批人乙", *_APPROVING),
    "officer-1": _staff("信息安全责任人", *_SECURING),
    "auditor-1": _staff("合规审计人员", Scope.AUDIT_EXPORT),
    "supervisor-1": _staff("市级监督员", *_SUPERVISING),
    "supervisor-2": _staff("区级监督员", *_SUPERVISING),
    "supervisor-3": _staff("市级监督复核员", *_SUPERVISING),
    "industry-1": _staff("行业评价经办人", Scope.AGENCY_LOOK, Scope.INDUSTRY_KEEP),
    "industry-2": _staff("同一部门的行业评价复核人", Scope.INDUSTRY_KEEP),
}


async def party_of(unit: Unit, name: str) -> str | None:
    """The party a persona signs in for: its employer, or the company it is one of the marks of."""
    employer = await lookup.employer_of(unit, issuer=DEMONSTRATION_ISSUER, name=name)
    if employer is not None or not PERSONAS[name].represents:
        return employer
    return next(iter(await lookup.represented_by(unit, issuer=DEMONSTRATION_ISSUER, name=name)), None)


def mint(
    rings: KeyRings,
    name: str,
    organisation: str | None,
    *,
    audience: str,
    at: datetime,
    mandate: str | None = None,
    bound_to: str | None = None,
) -> str:
    """A persona's access token: ES256, `at+jwt`, a quarter of an hour. `mandate` is by which they act for another,
    `bound_to` the thumbprint of the key that must prove it."""
    persona = PERSONAS[name]
    return sign(rings, persona, name, organisation, audience=audience, at=at, mandate=mandate, bound_to=bound_to)


def sign(
    rings: KeyRings,
    persona: Persona,
    sub: str,
    organisation: str | None,
    *,
    audience: str,
    at: datetime,
    mandate: str | None = None,
    bound_to: str | None = None,
) -> str:
    """A token like the persona's for any name of the demonstration's issuer."""
    key, issued = rings.active(Purpose.TOKEN), int(at.timestamp())
    claims: dict[str, Any] = {
        "iss": DEMONSTRATION_ISSUER,
        "sub": sub,
        "aud": audience,
        "client_id": persona.client,
        **({"scope": " ".join(persona.scopes)} if persona.scopes else {}),
        "acr": "substantial",
        "channel": persona.channel.value,
        "iat": issued,
        "exp": issued + LONGEST_LIFE_SECONDS,
    }
    if organisation is not None:
        claims["org"] = organisation
    if mandate is not None:
        claims["mandate"] = mandate
    if bound_to is not None:
        claims["cnf"] = {"jkt": bound_to}
    return jwt.encode(claims, key.secret, ALGORITHM, {"kid": key.kid, "typ": "at+jwt"})
