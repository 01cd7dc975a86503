"""From what on something is unusual, as data (`anomalies.csv`): each limit has a version and a reason. Pure."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Rule(Enum):
    """What is unusual. QUESTIONED is not worked out: somebody did not recognise the look."""

    NO_CASE = "NO_CASE"
    REPEATED = "REPEATED"
    OUT_OF_HOURS = "OUT_OF_HOURS"
    BURST = "BURST"
    WIDE = "WIDE"
    ATTEMPTS = "ATTEMPTS"
    QUESTIONED = "QUESTIONED"


@dataclass(frozen=True)
class Limit:
    """What is still usual: so many at most; `hours` are those of a working day, the first in and the last out."""

    most: int
    hours: tuple[int, int] | None


class Limits:
    """One version of the limits. A line with a purpose goes before its basis's; a line without a limit exempts."""

    def __init__(self, version: int, lines: Mapping[tuple[Rule, str, str], Limit | None]) -> None:
        self.version = version
        self._lines = lines

    def of(self, rule: Rule, basis: str, purpose: str = "") -> Limit | None:
        """The limit of looks on a basis for a purpose; None where the rule does not hold for them."""
        if (rule, basis, purpose) in self._lines:
            return self._lines[rule, basis, purpose]
        return self._lines.get((rule, basis, ""))

    def bases(self, rule: Rule) -> list[str]:
        """For which bases the rule holds."""
        return sorted({basis for which, basis, _ in self._lines if which is rule})


def read(lines: Iterable[str]) -> Limits:
    """The newest version in a file's lines; raises `ValueError` for a limit without a reason."""
    rows = list(csv.DictReader(lines))
    newest = max(int(row["version"]) for row in rows)
    found: dict[tuple[Rule, str, str], Limit | None] = {}
    for row in rows:
        if not row["reason"].strip():
            raise ValueError(f"{row['rule']} {row['basis']}: a limit has a reason")
        if int(row["version"]) == newest:
            found[Rule(row["rule"]), row["basis"], row["purpose"]] = _limit(row)
    return Limits(newest, found)


def _limit(row: Mapping[str, str]) -> Limit | None:
    if not row["limit"]:
        return None
    first, _, last = row["hours"].partition("-")
    return Limit(int(row["limit"]), (int(first), int(last)) if last else None)


LIMITS = read(Path(__file__).with_name("anomalies.csv").read_text("utf-8").splitlines())
