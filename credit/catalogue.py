"""The catalogue in force: which items a record may have, what they are called, and who may see each.

What is not in the catalogue cannot be recorded (全国公共信用信息基础目录). (audience, kind) is compiled once to the
item codes that go out; the row function only looks them up.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

from audit.lens import Audience

VERSION = "2026-1"


class Sensitivity(IntEnum):
    """How much harm an item can do in wrong hands."""

    OPEN = 0
    PERSONAL = 1
    SENSITIVE = 2


# Each audience sees what the narrower ones see.
_REACH = {Audience.PUBLIC: 0, Audience.RECIPIENT: 1, Audience.ORGAN: 2, Audience.SUBJECT: 3}


@dataclass(frozen=True)
class CatalogueItem:
    """One item of one kind of record. `audience` is the widest circle it may reach."""

    kind: str
    code: str
    label: str
    sensitivity: Sensitivity
    audience: Audience


@dataclass(frozen=True)
class ShownItem:
    """How one item goes out to one audience."""

    code: str
    label: str
    masked: bool


def _load() -> Mapping[str, tuple[CatalogueItem, ...]]:
    kinds: dict[str, tuple[CatalogueItem, ...]] = {}
    with Path(__file__).with_name("catalogue.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            item = CatalogueItem(
                row["kind"], row["code"], row["label"], Sensitivity[row["sensitivity"]], Audience(row["audience"])
            )
            kinds[item.kind] = (*kinds.get(item.kind, ()), item)
    return kinds


ITEMS = _load()


@cache
def shown_to(audience: Audience, kind: str) -> tuple[ShownItem, ...]:
    """The items of a kind that this audience may see, in the catalogue's order.

    Sensitive items go masked to everybody but the subject.
    """
    return tuple(
        ShownItem(
            item.code,
            item.label,
            masked=item.sensitivity is Sensitivity.SENSITIVE and audience is not Audience.SUBJECT,
        )
        for item in ITEMS[kind]
        if _REACH[audience] >= _REACH[item.audience]
    )
