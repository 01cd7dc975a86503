"""The notice read before one agrees to be monitored: a consent beside the grant's own (个人信息保护法 14, 23)."""

from audit.sentences import CATEGORIES, PURPOSES
from core.database import WriteUnit
from core.errors import Detail, Invalid
from grants import consent, words
from grants.consent import LANGUAGES, About, Notice
from grants.scope import NoticeKind
from grants.terms import Terms


def before(about: About, language: str = LANGUAGES[0]) -> Notice:
    """The notice in force before such a monitoring, in one of `LANGUAGES`; in Chinese for any other."""
    return _english(about) if language == "en" else _chinese(about)


async def agreed(unit: WriteUnit, about: About, terms: Terms, noticed: str | None) -> str | None:
    """Keep the notice that monitoring was agreed to by; its hash, and None for terms without monitoring.

    Raises `NoticeChanged`, and `Invalid` for a consent that is lacking, or that is to nothing.
    """
    if terms.monitoring == (noticed is not None):
        return await _kept(unit, about, noticed) if noticed is not None else None
    raise Invalid(Detail(("monitoringNoticeHash",), "SEPARATE_CONSENT" if terms.monitoring else "NOT_MONITORED"))


async def _kept(unit: WriteUnit, about: About, noticed: str) -> str:
    return await consent.agreed_to(unit, [before(about, language) for language in LANGUAGES], noticed)


def _chinese(about: About) -> Notice:
    kinds = "、".join(sorted({CATEGORIES[category] for category in about.categories}))
    through = f"及经办的{about.handled_by}" if about.handled_by else ""
    return Notice(
        NoticeKind.MONITORING,
        f"您将同意{about.recipient}（联系方式：{about.contact}）{through}在授权期限内，"
        f"为“{PURPOSES[about.purpose]}”中的贷后管理收到提示：您的下列信息有变化：{kinds}。"
        "提示只说明哪一类信息有变化以及时间，不含内容、数量和好坏。"
        "每次提示都会记入“谁看过我”，供您随时查看。不同意不影响授权的其他部分。",
        f"被授权人保存收到的提示不超过{about.retention_days}日，法律另有规定的除外。",
        "您可以随时单独停止提示，不影响授权的其他部分；授权暂停、撤回或到期的，提示同时停止，未送达的提示不再送达。",
    )


def _english(about: About) -> Notice:
    kinds = "; ".join(sorted({words.CATEGORIES[category] for category in about.categories}))
    through = f", and {about.handled_by} who handles it," if about.handled_by else ""
    return Notice(
        NoticeKind.MONITORING,
        f"You are about to agree that {about.recipient} (contact: {about.contact}){through} is told for as long as the "
        f"grant lasts, for {words.PURPOSES[about.purpose]} (after the loan), that your information of these kinds has "
        f"changed: {kinds}. Told is which kind has changed and when; not what, how much, or for better or worse. "
        "Every such event is recorded, and you can see all of them at any time. "
        "The rest of the grant does not depend on this.",
        f"The recipient keeps what it was told for {about.retention_days} days at most, unless a law says otherwise.",
        "You can end this alone at any time, and keep the grant; when the grant is paused, taken back or over, this "
        "ends with it, and what has not arrived by then does not arrive any more.",
        language="en",
    )
