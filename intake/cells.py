"""Cells into values, each with a stable reason when it cannot be. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from core.identity import WRITTEN_TYPES, BadIdentity, IdentityNumber, IdentityType, mask_numbers_in, parse
from core.moments import day_of
from intake.errors import RowRefused

_DATE = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})|(\d{4})(\d\d)(\d\d)", re.ASCII)
_AMOUNT = re.compile(r"(\d{1,12}|\d{1,3}(,\d{3}){1,3})(\.\d{1,6})?", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_INVISIBLE = ("Cc", "Cf", "Cs")
Values = Mapping[str, str]


def text(values: Values, column: str, *, longest: int = 120) -> str:
    """A required text."""
    found = optional_text(values, column, longest=longest)
    if not found:
        raise RowRefused("MISSING", column)
    return found


def prose(values: Values, column: str, *, longest: int = 2000) -> str:
    """A required free text; see `optional_prose`."""
    return mask_numbers_in(text(values, column, longest=longest))


def optional_prose(values: Values, column: str, *, longest: int = 2000) -> str | None:
    """A free text or None. Identity numbers in it are masked: they may be a third person's."""
    found = optional_text(values, column, longest=longest)
    return None if found is None else mask_numbers_in(found)


def optional_text(values: Values, column: str, *, longest: int = 2000) -> str | None:
    """A text or None, as it was written: names and numbers of documents are never changed."""
    found = values[column].strip()
    if not found:
        return None
    if len(found) > longest:
        raise RowRefused("TOO_LONG", column, str(longest))
    # What is printable throughout, as nearly every text is, has no such character: that is asked in one step.
    if not found.isprintable() and any(map(_is_invisible, found)):
        raise RowRefused("CONTROL_CHARACTER", column)
    return found


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE and character not in "\r\n\t"


def choice(values: Values, column: str, choices: Mapping[str, str]) -> str:
    """What a word stands for."""
    found = choices.get(text(values, column))
    if found is None:
        raise RowRefused("CHOICE", column, "、".join(choices))
    return found


def day(values: Values, column: str) -> date:
    """A required date."""
    found = optional_day(values, column)
    if found is None:
        raise RowRefused("MISSING", column)
    return found


def optional_day(values: Values, column: str) -> date | None:
    """A date as 2026/11/23, 2026-11-23 or 20261123, or None."""
    written = values[column].strip()
    if not written:
        return None
    found = _date(written)
    if found is None:
        raise RowRefused("DATE_FORMAT", column)
    return found


@lru_cache(4096)
def _date(written: str) -> date | None:
    """The date that is written, or None; rows of one file share few."""
    parts = _DATE.fullmatch(written)
    if parts is None:
        return None
    year, month, day_ = parts.group(1, 3, 4) if parts[1] else parts.group(5, 6, 7)
    try:
        found = date(int(year), int(month), int(day_))
    except ValueError:
        return None
    return found if 1949 <= found.year <= 2199 else None


def past_day(values: Values, column: str, *, today: date) -> date:
    """A required date that is not later than today."""
    found = day(values, column)
    if found > today:
        raise RowRefused("DATE_IN_FUTURE", column)
    return found


def not_before(found: date | None, column: str, earlier: date, earlier_column: str) -> date | None:
    """The same date, when it is not before another one."""
    if found is not None and found < earlier:
        raise RowRefused("DATE_ORDER", column, earlier_column)
    return found


def past_instant(values: Values, column: str, *, today: date) -> datetime:
    """A required RFC 3339 instant of this century, not later than today."""
    try:
        found = datetime.fromisoformat(text(values, column))
    except ValueError:
        raise RowRefused("INSTANT_FORMAT", column) from None
    if found.tzinfo is None or not 2000 <= found.year <= today.year:
        raise RowRefused("INSTANT_FORMAT", column)
    if day_of(found) > today:
        raise RowRefused("DATE_IN_FUTURE", column)
    return found


def wan_yuan(values: Values, column: str) -> str | None:
    """An amount in 万元 with at most 6 decimals, in its shortest exact form, or None."""
    written = values[column].strip()
    if not written:
        return None
    if not _AMOUNT.fullmatch(written):
        raise RowRefused("AMOUNT_FORMAT", column)
    return format(Decimal(written.replace(",", "")).normalize(), "f")


def sha256(values: Values, column: str) -> str:
    """A required SHA-256 in lower-case hexadecimal."""
    found = text(values, column)
    if not _HASH.fullmatch(found):
        raise RowRefused("HASH_FORMAT", column)
    return found


def identity_type(values: Values, column: str, among: Mapping[str, IdentityType] = WRITTEN_TYPES) -> IdentityType:
    """Which kind of number a row carries."""
    found = among.get(text(values, column))
    if found is None:
        raise RowRefused("CHOICE", column, "、".join(among))
    return found


def identity(values: Values, column: str, type_: IdentityType, *, today: date, invented: bool) -> IdentityNumber:
    """A required identity number. `invented` says whether the demonstration's region is wanted or refused."""
    written = values[column].strip()
    if not written:
        raise RowRefused("MISSING", column)
    try:
        found = parse(type_, written, today=today)
    except BadIdentity as error:
        raise RowRefused("IDENTITY_" + error.code, column) from None
    if found.invented and not invented:
        raise RowRefused("INVENTED_NUMBER", column)
    return found
