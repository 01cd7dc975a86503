"""The catalogue, version by version: what may be recorded, what it is called, who may send it, and who may see it.

What is not in the catalogue in force cannot be recorded (全国公共信用信息基础目录). A record keeps the meaning of the
version it was entered under: every version stays readable. (audience, version, kind) is compiled once to the item codes
that go out; the row function only looks them up.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, IntEnum
from functools import cache
from pathlib import Path

from audit.lens import Audience
from credit.kinds import Publicity, RecordNature
from grants.scope import RecordCategory
from parties.kinds import ProviderKind

_FOLDER = Path(__file__).with_name("catalogues")


class Sensitivity(IntEnum):
    """How much harm an item can do in wrong hands."""

    OPEN = 0
    PERSONAL = 1
    SENSITIVE = 2


class Form(Enum):
    """How an item is written."""

    TEXT = "TEXT"
    PROSE = "PROSE"  # free text, in which third persons' numbers are masked
    DAY = "DAY"
    DAY_AFTER = "DAY_AFTER"  # a day that is not before the record's own
    WAN_YUAN = "WAN_YUAN"


# Each audience sees what the narrower ones see.
_REACH = {Audience.PUBLIC: 0, Audience.RECIPIENT: 1, Audience.ORGAN: 2, Audience.SUBJECT: 3}


@dataclass(frozen=True)
class CatalogueItem:
    """One item of one kind of record. `audience` is the widest circle it may reach; `longest` is in characters."""

    kind: str
    code: str
    label: str
    form: Form
    longest: int
    required: bool
    sensitivity: Sensitivity
    audience: Audience


@dataclass(frozen=True)
class CatalogueEntry:
    """One kind of record: its class, what it says of its subject, how far it may reach, and who may send it.

    `days_to_report` are working days from the event; None where no rule sets a term. `providers` are kinds (Art. 2).
    """

    kind: str
    title: str
    category: RecordCategory
    nature: RecordNature
    publicity: Publicity
    date_label: str
    days_to_report: int | None
    providers: frozenset[ProviderKind]
    items: tuple[CatalogueItem, ...]


@dataclass(frozen=True)
class Catalogue:
    """One version, and the day from which it is in force until the next one is."""

    version: str
    in_force_from: date
    entries: Mapping[str, CatalogueEntry]


@dataclass(frozen=True)
class ShownItem:
    """How one item goes out to one audience."""

    code: str
    label: str
    masked: bool


def in_force(on: date) -> Catalogue | None:
    """The version in force on a day; None before the first one."""
    found = [catalogue for catalogue in VERSIONS.values() if catalogue.in_force_from <= on]
    return found[-1] if found else None


@cache
def shown_to(audience: Audience, version: str, kind: str) -> tuple[ShownItem, ...]:
    """The items of a kind that this audience may see, in the order of the version the record was entered under.

    Sensitive items go masked to everybody but the subject.
    """
    return tuple(
        ShownItem(
            item.code,
            item.label,
            masked=item.sensitivity is Sensitivity.SENSITIVE and audience is not Audience.SUBJECT,
        )
        for item in VERSIONS[version].entries[kind].items
        if _REACH[audience] >= _REACH[item.audience]
    )


@cache
def date_label(version: str, kind: str) -> str:
    """What the day of such a record is called."""
    return VERSIONS[version].entries[kind].date_label


def _load() -> Mapping[str, Catalogue]:
    """Every version, oldest first."""
    versions = sorted(_rows("versions.csv"), key=lambda row: row["in_force_from"])
    return {
        row["version"]: Catalogue(
            row["version"],
            date.fromisoformat(row["in_force_from"]),
            {entry.kind: entry for entry in _entries(row["version"])},
        )
        for row in versions
    }


def _entries(version: str) -> Iterator[CatalogueEntry]:
    items: dict[str, list[CatalogueItem]] = {}
    for row in _rows(f"{version}.items.csv"):
        items.setdefault(row["kind"], []).append(_item(row))
    for row in _rows(f"{version}.entries.csv"):
        yield CatalogueEntry(
            kind=row["kind"],
            title=row["title"],
            category=RecordCategory[row["category"]],
            nature=RecordNature[row["nature"]],
            publicity=Publicity[row["publicity"]],
            date_label=row["date_label"],
            days_to_report=int(row["days_to_report"]) if row["days_to_report"] else None,
            providers=frozenset(ProviderKind[name] for name in row["providers"].split()),
            items=tuple(items[row["kind"]]),
        )


def _item(row: Mapping[str, str]) -> CatalogueItem:
    return CatalogueItem(
        row["kind"],
        row["code"],
        row["label"],
        Form[row["form"]],
        int(row["longest"] or 0),
        row["required"] == "yes",
        Sensitivity[row["sensitivity"]],
        Audience(row["audience"]),
    )


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


VERSIONS = _load()
EARLIEST = next(iter(VERSIONS))
