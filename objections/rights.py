"""What a record should say, or whose it is, as somebody who may say so has said: sealed until it takes effect."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import orjson

from core.statements import Row
from core.vault import Vault
from credit.entering import RecordContent
from credit.kinds import Publicity, RecordNature
from grants.scope import RecordCategory

_PLACE = "verification.right_sealed"
_DAYS = ("occurred_on", "publicity_until", "query_until", "score_until")


@dataclass(frozen=True)
class Right:
    """Items by the catalogue's codes, with the title they make; the subject whose record it is; or a whole record.

    Its repr leaves out what it says.
    """

    items: Mapping[str, str] = field(default_factory=dict, repr=False)
    title: str | None = field(default=None, repr=False)
    subject_id: str | None = None
    content: RecordContent | None = field(default=None, repr=False)


NOTHING = Right()


def sealed(vault: Vault, verification_id: str, right: Right) -> bytes | None:
    """As it is kept; None of nothing."""
    if right == NOTHING:
        return None
    said = {**asdict(right), "content": _plain(right.content)}
    return vault.seal(_PLACE, verification_id, orjson.dumps(said).decode())


def opened(vault: Vault, asked: Row | None) -> Right:
    """What a provider's answer holds; nothing of one that holds nothing."""
    if asked is None or asked.right_sealed is None:
        return NOTHING
    said = orjson.loads(vault.open(_PLACE, asked.id, asked.right_sealed))
    return Right(said["items"], said["title"], said["subject_id"], _content(said["content"]))


def _plain(content: RecordContent | None) -> dict[str, Any] | None:
    if content is None:
        return None
    words = {"category": content.category.value, "nature": content.nature.value, "publicity": content.publicity.value}
    return {**content._asdict(), **words}


def _content(said: dict[str, Any] | None) -> RecordContent | None:
    if said is None:
        return None
    days = {name: date.fromisoformat(said[name]) if said[name] else None for name in _DAYS}
    kinds = {
        "category": RecordCategory(said["category"]),
        "nature": RecordNature(said["nature"]),
        "publicity": Publicity(said["publicity"]),
    }
    return RecordContent(**{**said, **days, **kinds})
