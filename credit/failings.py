"""How grave a failing is, for how long it is public, and from when its repair may be asked for. Pure.

By the classes of 信用修复管理办法（发改委令第36号）. This service decides nothing about repair: whoever decided on the
failing does, and what is said here is guidance.
"""

import re
from datetime import date
from enum import Enum

# The classes hold from this day.
CLASSES_FROM = date(2026, 4, 1)
# CHOICE of words by which a class is known; the provider's own date is the source, and the class only checks it.
_SERIOUS = re.compile("吊销|撤销许可|限制从业|限制开展生产经营|责令关闭|终身禁|市场禁入|巨额")
_GENERAL = re.compile("没收|暂扣|降低资质|停产停业|较大数额")
_FINE = re.compile("罚款")


class Gravity(Enum):
    """How grave the failing is that a penalty stands for, and for how many months it is public: least and most."""

    MINOR = (0, 3)
    FINE = (0, 36)  # 罚款 alone: minor, general or serious by its amount, which no row says
    GENERAL = (3, 12)
    SERIOUS = (12, 36)

    @property
    def least(self) -> int:
        """Months for which it is public at least."""
        return self.value[0]

    @property
    def most(self) -> int:
        """Months after which it is public no more."""
        return self.value[1]


def gravity(category: str) -> Gravity:
    """The class a penalty is of, by the words of its 处罚类别; the gravest word counts."""
    if _SERIOUS.search(category):
        return Gravity.SERIOUS
    if _GENERAL.search(category):
        return Gravity.GENERAL
    return Gravity.FINE if _FINE.search(category) else Gravity.MINOR


def repairable_from(failing: Gravity, decided: date) -> date | None:
    """The first day on which its repair may be asked for: after the least term of publicity. None of what is decided
    before the classes, and of a class that no row says: whoever decided on it knows."""
    if decided < CLASSES_FROM or failing is Gravity.FINE:
        return None
    return months_after(decided, failing.least)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
