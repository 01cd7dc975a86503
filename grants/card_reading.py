"""A document laid on a kiosk's reader (Art. 8(2)): what the reader's statement says, and what is wrong with it. Pure.

Whose document it is, the reader has checked by a PIN, a code by text message or a face; of a face nothing leaves the
reader, and it is never the only way (人脸识别技术应用安全管理办法, 2025-06-01).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from core.errors import Detail
from core.identity import IdentityNumber, IdentityType


class KioskDocument(Enum):
    """What is laid on the reader: 身份证件 or 登记证照."""

    IDENTITY_CARD = "IDENTITY_CARD"
    ELECTRONIC_LICENCE = "ELECTRONIC_LICENCE"  # 电子营业执照 (国务院令716)


class HolderCheck(Enum):
    """How the reader saw that the document is its bearer's."""

    PIN = "PIN"
    TEXT_MESSAGE = "TEXT_MESSAGE"
    FACE = "FACE"


@dataclass(frozen=True, repr=False)
class CardRead:
    """One reading. `name_of_it` is what the reader calls it, never twice the same; `offered` are the ways that its
    bearer could choose from, `agreed` says that they agreed to have their face compared."""

    name_of_it: str
    document: KioskDocument
    number: IdentityNumber
    name: str
    valid_until: date | None
    checked: HolderCheck
    offered: frozenset[HolderCheck]
    agreed: bool

    def faults(self, today: date) -> list[Detail]:
        """Every rule it breaks; the same whoever it is about."""
        is_face, is_code = self.checked is HolderCheck.FACE, self.number.type is IdentityType.USCC
        is_licence = self.document is KioskDocument.ELECTRONIC_LICENCE
        rules = (
            ("DOCUMENT_KIND", is_licence is not is_code),
            ("DOCUMENT_EXPIRED", self.valid_until is not None and self.valid_until < today),
            ("HOLDER_UNCHECKED", self.checked not in self.offered),
            # Whoever does not want their face compared has another way, or nobody's is.
            ("FACE_ALONE", is_face and self.offered <= {HolderCheck.FACE}),
            ("FACE_WITHOUT_CONSENT", is_face and not self.agreed),
        )
        return [Detail(("statement",), code) for code, broken in rules if broken]


class CardReader(Protocol):
    """The readers of an installation's kiosks: an adapter says here what one of its statements says."""

    @property
    def name(self) -> str:
        """What the readers are called on the screen."""

    @property
    def offers(self) -> tuple[HolderCheck, ...]:
        """The ways in which a bearer can be checked, the usual one first."""

    def opened(self, statement: str, *, device: str, at: datetime) -> CardRead | None:
        """What a reader beside this device has just stated; None for what no reader has, for another device's, and for
        one that is too old."""
