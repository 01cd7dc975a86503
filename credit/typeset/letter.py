"""A letter that tells what became of something: its words in the order they are printed. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Letter:
    """One letter. `address` is where it is posted, with whom it is for; a section is a heading and its paragraphs;
    `stamped` leaves room for the seal of who signs."""

    sender: str
    title: str
    number: str
    addressee: str
    address: str | None
    opening: str
    sections: Sequence[tuple[str, Sequence[str]]]
    signed_by: str
    day: str
    notes: Sequence[str]
    stamped: bool
    watermark: str | None

    def plain(self) -> dict[str, Any]:
        """As plain lists and texts."""
        return asdict(self)
