"""What a purpose allows at most, by kind of recipient: ceilings as data, in versions (`templates.csv`).

The version in force on a day is the latest that began by then; a kind's own row goes before the purpose's `*`. An
empty figure sets no ceiling. Pure.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from grants.scope import Period, Purpose, RecordCategory

_EVERY = frozenset(category.value for category in RecordCategory)


@dataclass(frozen=True)
class Template:
    """One row: the ceilings of one purpose for one kind of recipient. `window_months` reaches back from the look;
    `most` uses in one calendar `period`."""

    version: str
    begins: date
    purpose: str
    recipient_kind: str
    longest_days: int
    window_months: int
    most: int | None
    period: Period | None
    retention_days: int
    evaluation: bool
    categories: frozenset[str]
    monitoring: bool

    @property
    def name(self) -> str:
        """What a grant says it was made under."""
        return f"{self.purpose}.{self.recipient_kind}@{self.version}"


def read(lines: Iterable[str]) -> tuple[Template, ...]:
    """The templates in a file's lines."""
    return tuple(
        Template(
            version=row["version"],
            begins=date.fromisoformat(row["from"]),
            purpose=Purpose(row["purpose"]).value,
            recipient_kind=row["recipient_kind"],
            longest_days=int(row["longest_days"]),
            window_months=int(row["window_months"]),
            most=int(row["most"]) if row["most"] else None,
            period=Period(row["period"]) if row["period"] else None,
            retention_days=int(row["retention_days"]),
            evaluation=row["evaluation"] == "yes",
            categories=_EVERY if row["categories"] == "*" else frozenset(row["categories"].split()),
            monitoring=row["monitoring"] == "yes",
        )
        for row in csv.DictReader(lines)
    )


TEMPLATES = read(Path(__file__).with_name("templates.csv").read_text("utf-8").splitlines())


def in_force(
    purpose: str, recipient_kind: str, *, on: date, templates: tuple[Template, ...] = TEMPLATES
) -> Template | None:
    """The template of this purpose for this kind of recipient, or None: then the purpose is not for them."""
    begun = [
        t for t in templates if t.purpose == purpose and t.begins <= on and t.recipient_kind in (recipient_kind, "*")
    ]
    own = [t for t in begun if t.recipient_kind == recipient_kind] or begun
    return max(own, key=lambda template: template.begins, default=None)


def named(name: str, *, on: date, templates: tuple[Template, ...] = TEMPLATES) -> Template | None:
    """The template in force for a grant made under this name, whatever version that was."""
    purpose, _, kind = name.partition("@")[0].partition(".")
    return in_force(purpose, kind, on=on, templates=templates)
