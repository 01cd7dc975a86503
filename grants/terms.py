"""What a grant is about, term by term: what can be agreed, what is narrower, and what goes beyond. Pure.

Terms are compared as they are stored: texts, sorted. Paths are the API's names, so that a fault says where it stands.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.errors import Detail, Invalid
from core.moments import rfc3339
from grants.scope import LendingStage, Period, Purpose, RecordCategory
from grants.templates import Template

# CHOICE: no consent lasts longer than three years; a purpose's own ceiling may be lower.
LONGEST_TERM = timedelta(days=3 * 365)
MOST_USES = 1000
MOST_DOCUMENTS = 20
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MONITORED_STAGE = LendingStage.POST_LOAN.value
_LENGTH = {period.value: place for place, period in enumerate(Period)}


@dataclass(frozen=True)
class Terms:
    """One grant's terms. None: no limit of that sort (`uses`, `per_period`), or any document."""

    purpose: str
    stages: tuple[str, ...]
    categories: tuple[str, ...]
    includes_evaluation: bool
    valid_from: datetime
    valid_until: datetime
    uses: int | None
    window_months: int | None
    retention_days: int
    per_period: int | None = None
    period: str | None = None
    documents: tuple[str, ...] | None = None
    monitoring: bool = False

    @classmethod
    def of(cls, row: Any) -> "Terms":
        """The terms in a grant's row."""
        return cls(
            row.purpose,
            tuple(row.stages),
            tuple(row.categories),
            row.includes_evaluation,
            row.valid_from,
            row.valid_until,
            row.uses_left,
            row.window_months,
            row.retention_days,
            row.per_period,
            row.period,
            None if row.documents is None else tuple(row.documents),
            row.monitoring,
        )

    @property
    def columns(self) -> dict[str, Any]:
        """The terms as a row's columns."""
        return {
            "purpose": self.purpose,
            "stages": list(self.stages),
            "categories": list(self.categories),
            "includes_evaluation": self.includes_evaluation,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
            "uses_left": self.uses,
            "window_months": self.window_months,
            "retention_days": self.retention_days,
            "per_period": self.per_period,
            "period": self.period,
            "documents": None if self.documents is None else list(self.documents),
            "monitoring": self.monitoring,
        }


@dataclass(frozen=True)
class Proposal:
    """Terms as they were put: what is not said is the template's. The subject narrows with the same words."""

    stages: Iterable[LendingStage] | None = None
    categories: Iterable[RecordCategory] | None = None
    includes_evaluation: bool | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    uses: int | None = None
    window_months: int | None = None
    retention_days: int | None = None
    per_period: int | None = None
    period: Period | None = None
    documents: Iterable[str] | None = None
    monitoring: bool | None = None

    def under(self, template: Template, purpose: Purpose, *, at: datetime) -> Terms:
        """The terms proposed; the template fills in what is not said. Raises `Invalid` for half a frequency, and for a
        beginning that is over."""
        assert self.valid_until is not None  # every proposal of a grant says it
        if self.valid_from is not None and self.valid_from < at:
            raise Invalid(Detail(("validFrom",), "PAST"))
        frequency = self._frequency((template.most, template.period.value if template.period else None))
        return Terms(
            purpose=purpose.value,
            stages=_texts(self.stages or ()),
            categories=_texts(self.categories or ()),
            includes_evaluation=bool(self.includes_evaluation),
            valid_from=self.valid_from or at,
            valid_until=self.valid_until,
            uses=self.uses,
            window_months=template.window_months if self.window_months is None else self.window_months,
            retention_days=template.retention_days if self.retention_days is None else self.retention_days,
            per_period=frequency[0],
            period=frequency[1],
            documents=None if self.documents is None else tuple(sorted(set(self.documents))),
            monitoring=bool(self.monitoring),
        )

    def narrowing(self, terms: Terms) -> Terms:
        """The terms made narrower. Raises `Invalid` with every attribute that would be wider."""
        frequency = self._frequency((terms.per_period, terms.period))
        changes: dict[str, Any] = {
            "stages": None if self.stages is None else _texts(self.stages),
            "categories": None if self.categories is None else _texts(self.categories),
            "includes_evaluation": self.includes_evaluation,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
            "uses": self.uses,
            "window_months": self.window_months,
            "retention_days": self.retention_days,
            "documents": None if self.documents is None else tuple(sorted(set(self.documents))),
            "monitoring": self.monitoring,
        }
        said = {name: value for name, value in changes.items() if value is not None}
        narrowed = replace(terms, **said, per_period=frequency[0], period=frequency[1])
        wider = beyond(narrowed, terms)
        if wider:
            raise Invalid(*(Detail(("terms", name), "WIDER", granted) for name, granted, _ in wider))
        return narrowed

    def _frequency(self, usual: tuple[int | None, str | None]) -> tuple[int | None, str | None]:
        if (self.per_period is None) != (self.period is None):
            raise Invalid(Detail(("usesPerPeriod",), "ALL_NEEDED", "usesPerPeriod, period"))
        return usual if self.period is None else (self.per_period, self.period.value)


def faults(terms: Terms, template: Template, *, of_person: bool, at: datetime) -> tuple[Detail, ...]:
    """Which of the proposed terms break a rule or pass a ceiling, with the limit each one broke."""
    found = [*_plain_faults(terms, of_person), *_period_faults(terms, at)]
    said = {detail.path for detail in found}
    return (*found, *(detail for detail in over(terms, template) if detail.path not in said))


def over(terms: Terms, template: Template) -> list[Detail]:
    """Each attribute beyond the template's ceiling, with the maximum. Nothing is ever clipped to it."""
    longest = timedelta(days=template.longest_days)
    foreign = set(terms.categories) - template.categories
    frequency = f"{template.most}/{template.period.value}" if template.period else None
    rules = (
        ("validUntil", "TERM_TOO_LONG", f"P{longest.days}D", terms.valid_until - terms.valid_from > longest),
        (
            "windowMonths",
            "OVER_CEILING",
            str(template.window_months),
            _more(terms.window_months, template.window_months),
        ),
        ("usesPerPeriod", "OVER_CEILING", frequency, _more_often(terms, template)),
        ("retentionDays", "OVER_CEILING", str(template.retention_days), terms.retention_days > template.retention_days),
        ("includesEvaluation", "NOT_FOR_PURPOSE", None, terms.includes_evaluation and not template.evaluation),
        ("categories", "NOT_FOR_PURPOSE", "|".join(sorted(template.categories)), bool(foreign)),
        ("monitoring", "NOT_FOR_PURPOSE", None, terms.monitoring and not template.monitoring),
    )
    return [Detail((name,), code, limit) for name, code, limit, broken in rules if broken]


def beyond(asked: Terms, granted: Terms) -> list[tuple[str, str, str]]:
    """Each attribute in which what is asked goes beyond what is granted: its name, what is granted, what is asked.

    Of a list, what is asked names only what is new.
    """
    found = []
    for name, had, wants in (
        ("stages", granted.stages, asked.stages),
        ("categories", granted.categories, asked.categories),
    ):
        fresh = sorted(set(wants) - set(had))
        if fresh:
            found.append((name, "|".join(had), "|".join(fresh)))
    rules = (
        ("includesEvaluation", granted.includes_evaluation, asked.includes_evaluation, asked.includes_evaluation
            and not granted.includes_evaluation),
        ("validFrom", rfc3339(granted.valid_from), rfc3339(asked.valid_from), asked.valid_from < granted.valid_from),
        ("validUntil", rfc3339(granted.valid_until), rfc3339(asked.valid_until), asked.valid_until
            > granted.valid_until),
        ("uses", granted.uses, asked.uses, _more(asked.uses, granted.uses)),
        ("windowMonths", granted.window_months, asked.window_months, _more(asked.window_months, granted.window_months)),
        ("retentionDays", granted.retention_days, asked.retention_days, asked.retention_days > granted.retention_days),
        ("usesPerPeriod", _often(granted), _often(asked), _oftener(asked, granted.per_period, granted.period)),
        ("documents", _listed(granted), _listed(asked), _more_documents(asked, granted)),
        ("monitoring", granted.monitoring, asked.monitoring, asked.monitoring and not granted.monitoring),
    )  # fmt: skip
    return [*found, *((name, _text(had), _text(wants)) for name, had, wants, wider in rules if wider)]


def _plain_faults(terms: Terms, of_person: bool) -> list[Detail]:
    financing = terms.purpose == Purpose.FINANCING.value
    documents = terms.documents
    rules = (
        ("categories", "EMPTY", None, not terms.categories),
        # 公共信用综合评价 is of organisations.
        ("includesEvaluation", "ONLY_FOR_ORGANISATIONS", None, of_person and terms.includes_evaluation),
        ("uses", "OUT_OF_RANGE", f"1..{MOST_USES}", not _within(terms.uses, 1, MOST_USES)),
        ("usesPerPeriod", "OUT_OF_RANGE", f"1..{MOST_USES}", not _within(terms.per_period, 1, MOST_USES)),
        ("windowMonths", "OUT_OF_RANGE", "1..", not _within(terms.window_months, 1, 1200)),
        ("retentionDays", "OUT_OF_RANGE", "0..", terms.retention_days < 0),
        # Art. 10: the authorisation names its stages.
        ("stages", "STAGE_REQUIRED", "|".join(stage.value for stage in LendingStage), financing and not terms.stages),
        ("stages", "ONLY_FOR_FINANCING", None, bool(terms.stages) and not financing),
        # Art. 10: what is told while a loan runs belongs to 贷后管理.
        ("monitoring", "NEEDS_STAGE", _MONITORED_STAGE, terms.monitoring and _MONITORED_STAGE not in terms.stages),
        ("documents", "EMPTY", None, documents is not None and not documents),
        ("documents", "TOO_MANY", str(MOST_DOCUMENTS), len(documents or ()) > MOST_DOCUMENTS),
        ("documents", "HASH_FORMAT", None, not all(_HASH.fullmatch(text) for text in documents or ())),
    )
    return [Detail((name,), code, limit) for name, code, limit, broken in rules if broken]


def _period_faults(terms: Terms, at: datetime) -> list[Detail]:
    if terms.valid_until <= at:
        return [Detail(("validUntil",), "PAST")]
    if terms.valid_until <= terms.valid_from:
        return [Detail(("validFrom",), "AFTER_END", rfc3339(terms.valid_until))]
    if terms.valid_until > at + LONGEST_TERM:
        return [Detail(("validUntil",), "TERM_TOO_LONG", f"P{LONGEST_TERM.days}D")]
    return []


def _more_often(terms: Terms, template: Template) -> bool:
    return _oftener(terms, template.most, template.period.value if template.period else None)


def _oftener(asked: Terms, most: int | None, period: str | None) -> bool:
    """Whether what is asked may be more often. A shorter calendar unit may be, whatever its figure."""
    if period is None or most is None:
        return False
    if asked.period is None or asked.per_period is None:
        return True
    return _LENGTH[asked.period] < _LENGTH[period] or asked.per_period > most


def _more(asked: int | None, granted: int | None) -> bool:
    return granted is not None and (asked is None or asked > granted)


def _more_documents(asked: Terms, granted: Terms) -> bool:
    if granted.documents is None:
        return False
    return asked.documents is None or not set(asked.documents) <= set(granted.documents)


def _within(figure: int | None, least: int, most: int) -> bool:
    return figure is None or least <= figure <= most


def _often(terms: Terms) -> str:
    return f"{terms.per_period}/{terms.period}" if terms.period else "*"


def _listed(terms: Terms) -> str:
    return "*" if terms.documents is None else "|".join(terms.documents)


def _text(value: object) -> str:
    return "*" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _texts(members: Iterable[LendingStage] | Iterable[RecordCategory]) -> tuple[str, ...]:
    return tuple(sorted({member.value for member in members}))
