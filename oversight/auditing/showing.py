"""What an auditor is shown of a look: all that its leaf says, and never at whom it was. Pure.

A leaf's first part names no subject, so it goes out as it is, with its salt: whoever has both makes the leaf's hash
again. Where it says more than an auditor needs, the hash stands alone, and the row says which of the reasons it is.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from audit.leaves import Leaf
from audit.notes import encoded
from core.moments import rfc3339

FORM = "haihe-audit/1"
_KEY_BYTES, _WORD_BYTES = 32, 9


class Shown(StrEnum):
    """How much of a look is shown."""

    OPEN = "OPEN"  # all that its leaf says, and the salt: checked by anybody
    STATED = "STATED"  # its hash, and what the institution says of it: the leaf names a person who acted for another
    WITHHELD = "WITHHELD"  # its hash: kept from the trail by an organ's order; checkpoints say how many there are
    ERASED = "ERASED"  # its hash: nothing else is left
    GONE = "GONE"  # its hash, though nobody erased it: the row was taken away
    OTHER = "OTHER"  # its hash: through another door, or for another purpose, than was asked for


@dataclass(frozen=True)
class Wanted:
    """Which looks were asked for, by door and purpose; None: any."""

    channel: str | None = None
    purpose: str | None = None

    def covers(self, channel: str, purpose: str) -> bool:
        """Whether a look is among them."""
        return self.channel in (None, channel) and self.purpose in (None, purpose)


class Pseudonyms:
    """Words for subjects that hold within one export. The key is drawn for it and kept nowhere: not even whoever made
    the export can find a subject's word again, and no two exports share one."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(_KEY_BYTES)

    def of(self, subject_id: str | None) -> str | None:
        """A subject's word; None for nobody's."""
        if subject_id is None:
            return None
        return urlsafe_b64encode(hmac.digest(self._key, subject_id.encode(), "sha256")[:_WORD_BYTES]).decode()


def how(row: Any, wanted: Wanted) -> Shown:
    """How much of a leaf's row is shown. The order matters: what is withheld says nothing of its purpose either."""
    if row.id is None:
        return Shown.ERASED if row.access_id is None else Shown.GONE
    if row.withholding_id is not None:
        return Shown.WITHHELD
    if not wanted.covers(row.channel, row.purpose):
        return Shown.OTHER
    # Whoever acts for a subject by mandate or representation is a person, and no organisation's staff.
    return Shown.STATED if row.officer_id is not None and row.actor_party_id is None else Shown.OPEN


def line(row: Any, leaf: Leaf | None, state: Shown, who: str | None) -> Mapping[str, Any]:
    """A position's line. `leaf` is what the row makes, for an open one; the hash is the tree's own, so that a row that
    somebody has changed shows."""
    said: dict[str, Any] = {"position": row.position, "shown": state.value, "leaf": encoded(row.hash)}
    if state is Shown.OPEN and leaf is not None:
        said |= {"who": who, "salt": encoded(leaf.salt), "data": leaf.data}
    elif state is Shown.STATED:
        said |= {"who": who, "stated": _stated(row)}
    return said


def _stated(row: Any) -> Mapping[str, Any]:
    return {
        "at": rfc3339(row.at),
        "basis": row.basis,
        "purpose": row.purpose,
        "stage": row.stage,
        "channel": row.channel,
        "categories": row.categories,
        "records": row.record_count,
        "refused": row.refused,
    }
