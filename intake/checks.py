"""What a row must be beyond its cells: who may send it, how long it may be public, whether it comes late. Pure.

Everything a check goes by is handed to it: the day, the catalogue in force, what the provider may send.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.identity import ADULT_AGE, IdentityNumber, age_on
from core.moments import start_of
from core.workdays import Known, count
from credit.catalogue import Catalogue, CatalogueEntry
from credit.failings import CLASSES_FROM, Gravity, months_after
from intake.errors import RowRefused
from parties.kinds import ProviderKind

# Decisions before the classes know the longest alone.
LONGEST_MONTHS = 36
_REGION = re.compile(r"[1-8]\d{5}", re.ASCII)
_USCC_LENGTH = 18
# Layouts that make no record: the catalogue of records has nothing of them.
NO_RECORDS = frozenset({"subject", "score", "evaluation", "subject_change"})
# Whoever may send nothing any more must still put right what they sent.
CORRECTIONS = "amendment"
# 民法典 18: who has turned sixteen and lives on their own labour has full capacity.
SELF_SUPPORTING_AGE = 16


@dataclass(frozen=True)
class Sender:
    """What a provider may send: kinds of records, and the regions (行政区划代码) they may be of; None is the whole
    city."""

    kind: ProviderKind
    kinds: frozenset[str]
    districts: frozenset[str] | None


def entry_of(kind: str, title: str, catalogue: Catalogue | None, sender: Sender) -> CatalogueEntry | None:
    """The catalogue's entry for a layout, None for what is no record (a subject, a score); raises `RowRefused` when
    the catalogue in force has none, or this provider may not send it."""
    if kind == CORRECTIONS:
        return None
    if kind not in sender.kinds:
        raise RowRefused("NOT_BY_THIS_PROVIDER", limit=title)
    if kind in NO_RECORDS:
        return None
    entry = catalogue.entries.get(kind) if catalogue else None
    if entry is None:
        raise RowRefused("NOT_IN_CATALOGUE", limit=title)
    if sender.kind not in entry.providers:
        raise RowRefused("NOT_BY_SUCH_PROVIDER", limit=title)
    return entry


def district(written: str, column: str, sender: Sender) -> str | None:
    """Which region (行政区划代码) a row is of, one of the provider's; None where it does not say.

    `written` is a region's code, or an organ's number, which holds its region.
    Only who is bound to regions must say one. Raises `RowRefused`.
    """
    code = written.strip()
    if not code:
        if sender.districts is not None:
            raise RowRefused("DISTRICT_MISSING", column)
        return None
    region = code[2:8] if len(code) == _USCC_LENGTH else code
    if not _REGION.fullmatch(region):
        raise RowRefused("DISTRICT_FORMAT", column)
    if sender.districts is not None and region not in sender.districts:
        raise RowRefused("DISTRICT_NOT_OURS", column)
    return region


def publicity(failing: Gravity, decided: date, until: date, column: str, *, today: date) -> tuple[str, str, str] | None:
    """Whether an end of publicity fits its class: raises `RowRefused` beyond the longest term, answers the column, code
    and limit of a warning, or None."""
    most = failing.most if decided >= CLASSES_FROM else LONGEST_MONTHS
    if until > months_after(decided, most):
        raise RowRefused("PUBLICITY_TOO_LONG", column, _months(most))
    if until < today:
        return column, "PUBLICITY_OVER", ""
    if decided < CLASSES_FROM:
        return None
    if until < months_after(decided, failing.least):
        return column, "PUBLICITY_SHORT", _months(failing.least)
    if failing is Gravity.FINE and until > months_after(decided, Gravity.GENERAL.most):
        return column, "PUBLICITY_CLASS", _months(Gravity.GENERAL.most)
    return None


def on_time_from(working_days: int, known: Mapping[date, Known], *, today: date) -> date:
    """The earliest day of decision that is still reported in time today; what was decided before it is late.

    Counted once for a load: a term's end never falls back as its beginning goes on.
    """
    day = today
    while count(start_of(day - timedelta(days=1)), working_days, known).day >= today:
        day -= timedelta(days=1)
    return day


def age(who: IdentityNumber, *, today: date, known: bool) -> None:
    """Minors have no public credit (条例 2). Raises `RowRefused`: under sixteen for good, and from then on until a
    person has found that they support themselves (民法典 18), after which they are `known`."""
    if who.born is None or known:
        return
    years = age_on(who.born, today)
    if years < SELF_SUPPORTING_AGE:
        raise RowRefused("MINOR")
    if years < ADULT_AGE:
        raise RowRefused("MINOR_MAYBE_SELF_SUPPORTING")


def of_age(who: IdentityNumber, *, today: date) -> None:
    """海河分 is of adults alone, whoever supports themselves. Raises `RowRefused`."""
    if who.born is not None and age_on(who.born, today) < ADULT_AGE:
        raise RowRefused("SCORE_NOT_OF_AGE")


def _months(months: int) -> str:
    return f"{months // 12}年" if months and months % 12 == 0 else f"{months}个月"
