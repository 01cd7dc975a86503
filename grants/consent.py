"""The notice read before consenting (个人信息保护法 14, 17, 23): composed from the terms, known by its hash.

The hash covers every word that was shown, so it says exactly what was consented to. The text is stored with the
first consent given under it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from audit.sentences import CATEGORIES, PURPOSES
from core.database import Unit, WriteUnit
from core.statements import Row
from grants import words
from grants.errors import NoticeChanged
from grants.scope import NoticeKind
from grants.tables import consent_notice

VERSION = "2026-1"
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Notice:
    """One notice in force. `hash` is the SHA-256 of kind, version, language and every word."""

    kind: NoticeKind
    text: str
    retention: str
    withdrawal_effect: str
    version: str = VERSION
    language: str = LANGUAGES[0]

    @property
    def hash(self) -> str:
        """What a consent refers to."""
        words = (self.kind.value, self.version, self.language, self.text, self.retention, self.withdrawal_effect)
        return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


_SCORE = Notice(
    NoticeKind.SCORE_OPEN,
    "开通海河分后，本市公共信用管理机构将依据您的公共信用信息计算您的海河分，仅用于为您提供守信激励。"
    "海河分不向银行等第三方提供，不开通不影响您查询本人信用记录。您可以随时关闭。",
    "海河分及其影响因素保存至您关闭海河分之时。",
    "关闭后，海河分及其影响因素立即删除，尚未使用的权益领取同时失效；已经使用的权益不受影响。",
)
_CLAIM = Notice(
    NoticeKind.CLAIM,
    "领取权益后，您向合作单位出示的动态码只表示“可以享受此项权益”。合作单位不会得到您的姓名、证件号码、"
    "海河分或信用记录。",
    "领取和核销记录保存三年。",
    "权益使用之前可以取消领取；取消后不再向合作单位表示任何信息。",
)


@dataclass(frozen=True)
class About:
    """What the notice before a grant is about: who asks, for what, through whom, how long they keep what they see."""

    recipient: str
    contact: str
    purpose: str
    categories: Iterable[str]
    retention_days: int
    handled_by: str | None = None


def compose(kind: NoticeKind) -> Notice:
    """The notice in force of a kind that has no terms of its own; a grant's is composed `before_grant`."""
    return {NoticeKind.SCORE_OPEN: _SCORE, NoticeKind.CLAIM: _CLAIM}[kind]


def before_grant(about: About, language: str = LANGUAGES[0]) -> Notice:
    """The notice in force before a grant of these terms, in one of `LANGUAGES`; in Chinese for any other."""
    return _english(about) if language == "en" else _chinese(about)


def _chinese(about: About) -> Notice:
    kinds = "、".join(sorted({CATEGORIES[category] for category in about.categories}))
    through = f"，由{about.handled_by}经办" if about.handled_by else ""
    return Notice(
        NoticeKind.GRANT,
        f"您将授权{about.recipient}（联系方式：{about.contact}）{through}为“{PURPOSES[about.purpose]}”查询您的公共信用信息，"
        f"查询范围：{kinds}。"
        "被授权人不得将信息用于其他目的，不得转交他人。每次查询都会记入“谁看过我”，供您随时查看。",
        f"被授权人保存查询所得信息不超过{about.retention_days}日，法律另有规定的除外。",
        "您可以随时撤回授权，撤回后立即停止查询；撤回之前的查询记录予以保留。",
    )


def _english(about: About) -> Notice:
    kinds = "; ".join(sorted({words.CATEGORIES[category] for category in about.categories}))
    through = f", handled by {about.handled_by}," if about.handled_by else ""
    return Notice(
        NoticeKind.GRANT,
        f"You are about to let {about.recipient} (contact: {about.contact}){through} look at your public credit "
        f"information for {words.PURPOSES[about.purpose]}: {kinds}. "
        "The recipient may not use it for anything else or pass it on. "
        "Every look is recorded, and you can see all of them at any time.",
        f"The recipient keeps what it has seen for {about.retention_days} days at most, unless a law says otherwise.",
        "You can take this back at any time; looking then ends at once, and looks made before stay on record.",
        language="en",
    )


async def agreed(unit: WriteUnit, notice: Notice, noticed: str) -> str:
    """Keep the notice that was consented to; its hash. Raises `NoticeChanged` when another one was read."""
    return await agreed_to(unit, [notice], noticed)


async def agreed_grant(unit: WriteUnit, about: About, noticed: str) -> str:
    """Keep the notice before a grant, in whichever language it was read; its hash. Raises `NoticeChanged`."""
    return await agreed_to(unit, [before_grant(about, name) for name in LANGUAGES], noticed)


async def agreed_to(unit: WriteUnit, notices: Iterable[Notice], noticed: str) -> str:
    """Keep the one of these notices that was read; its hash. Raises `NoticeChanged` for none of them."""
    read = next((notice for notice in notices if notice.hash == noticed), None)
    if read is None:
        raise NoticeChanged()
    return await keep(unit, read)


async def keep(unit: WriteUnit, notice: Notice) -> str:
    """Keep a notice's words; its hash."""
    row = {
        "hash": notice.hash,
        "kind": notice.kind.value,
        "version": notice.version,
        "language": notice.language,
        "text": notice.text,
        "retention": notice.retention,
        "withdrawal_effect": notice.withdrawal_effect,
    }
    await unit.enter(consent_notice, [row], "hash")
    return notice.hash


async def find(unit: Unit, notice_hash: str) -> Row | None:
    """A notice that somebody once consented to."""
    return await unit.first(select(consent_notice).where(consent_notice.c.hash == notice_hash))
