"""A lens: through what someone looks at one subject. Below a lens no function takes a bare subject id.

It is made once per root field, after the authority behind it has been read, and it says everything that the rows
below need in order to decide: who looks, on what basis, at whom, and at which kinds of information.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum


class Audience(StrEnum):
    """Who looks, as far as the row function is concerned."""

    SUBJECT = "SUBJECT"
    RECIPIENT = "RECIPIENT"
    ORGAN = "ORGAN"
    PUBLIC = "PUBLIC"


class BasisKind(Enum):
    """Why a look is lawful. There is no path to data without one (design §3)."""

    SELF = "SELF"  # Art. 7
    GRANT = "GRANT"  # Arts. 8(3), 10
    STATUTE = "STATUTE"  # Art. 6(1)
    COUNTER = "COUNTER"  # Art. 8(3)
    KIOSK = "KIOSK"  # Art. 8(2)
    OBJECTION = "OBJECTION"  # Art. 12
    SUPERVISION_SAMPLE = "SUPERVISION_SAMPLE"  # Art. 4
    SUPERVISION_COMPLAINT = "SUPERVISION_COMPLAINT"  # Art. 4
    SHARE = "SHARE"  # Art. 5
    INDUSTRY = "INDUSTRY"  # Art. 9
    MONITORING = "MONITORING"  # Art. 10
    MANDATE = "MANDATE"  # Art. 8(3)
    BREAK_GLASS = "BREAK_GLASS"  # Art. 13
    AUDIT = "AUDIT"  # 个人信息保护法 54: at the institution's own work, and at nobody


@dataclass(frozen=True)
class Lens:
    """One subject, seen by one audience on one basis. `categories` None means every category, `since` the first day of
    the window in which what happened is seen, None every day. `grant_id` is the authority it rests
    on: a grant, or a state organ's mandate.

    `absorbed` are subjects that turned out to be this one: their looks are its own. `strands` are the parts of a
    merged subject's record that an older grant covers (with what was entered since), None all of it.

    Only the public lens has no basis: an organisation's published items are open to anyone, and are not logged.
    """

    audience: Audience
    basis: BasisKind | None
    subject_id: str
    categories: frozenset[str] | None = None
    grant_id: str | None = None
    since: date | None = None
    absorbed: tuple[str, ...] = ()
    strands: frozenset[str] | None = None

    @property
    def looked_at(self) -> tuple[str, ...]:
        """Under which ids the log has looks at this subject."""
        return (self.subject_id, *self.absorbed)
