"""What no model may look at, as data (`forbidden.csv`): each line with its words and its reason. Pure.

A word is found however it is written: wide letters, capitals, blanks and marks between its letters do not hide it.
"""

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Forbidden:
    """One attribute: the words it goes by, and why it is refused."""

    code: str
    words: tuple[str, ...]
    reason: str


def _read() -> tuple[Forbidden, ...]:
    lines = Path(__file__).with_name("forbidden.csv").read_text("utf-8").splitlines()
    return tuple(Forbidden(row["code"], tuple(row["words"].split("|")), row["reason"]) for row in csv.DictReader(lines))


ATTRIBUTES = _read()
REASONS: Mapping[str, str] = {one.code: one.reason for one in ATTRIBUTES}


def found_in(*texts: str) -> str | None:
    """The code of a forbidden attribute that one of these texts names, or None."""
    plain = [_plain(one) for one in texts]
    for attribute in ATTRIBUTES:
        if any(word in one for one in plain for word in attribute.words):
            return attribute.code
    return None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
