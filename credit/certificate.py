"""专项信用报告 in place of a paper certificate: which records are violations, over which days. Pure."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from core.errors import Detail, Invalid
from credit.kinds import RecordNature

# What is a breach of law, and not of a contract. A grant must cover all of them: whoever may see a part cannot be
# told that there is nothing.
CATEGORIES = frozenset({"ADMINISTRATIVE", "SERIOUS_DISHONESTY", "ABNORMAL_OPERATION", "JUDICIAL", "COMPLIANCE"})
# CHOICE: as long as the longest period in which a record of this kind can stand.
LONGEST = timedelta(days=5 * 366)


def counts(row: Any) -> bool:
    """Whether a record is a violation."""
    return row.category in CATEGORIES and row.nature == RecordNature.ADVERSE.value


def check_period(start: date | None, end: date | None, *, today: date, needed: bool) -> None:
    """Raise `Invalid` for a period that is none: turned round, to come, too long, or missing where it is needed."""
    if needed and (start is None or end is None):
        raise Invalid(Detail(("from" if start is None else "to",), "ALL_NEEDED", "from, to"))
    if start is not None and end is not None and start > end:
        raise Invalid(Detail(("from",), "PERIOD_ORDER"))
    if end is not None and end > today:
        raise Invalid(Detail(("to",), "DAY_TO_COME"))
    if start is not None and start > today:
        raise Invalid(Detail(("from",), "DAY_TO_COME"))
    if needed and start is not None and end is not None and end - start > LONGEST:
        raise Invalid(Detail(("from",), "TERM_TOO_LONG", "5年"))


def lacking(granted: Collection[str] | None) -> tuple[str, ...]:
    """The kinds of information that a certificate needs and a grant does not cover."""
    return () if granted is None else tuple(sorted(CATEGORIES - set(granted)))
