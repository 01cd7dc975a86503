"""What a cell holds, as its reader sees it: numbers without the noise of floats, days as 2026/11/23. Pure."""

import re
from datetime import datetime, timedelta
from decimal import Context, Decimal

# A spreadsheet keeps fifteen digits of a number; what comes after them is made up.
DIGITS = 15
_LEAST = -20  # below it a number is nothing that anybody wrote
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_ROUNDED = Context(prec=DIGITS)
_LOST = re.compile(r"[+-]?\d(\.\d+)?E\+\d\d+", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(T00:00:00(\.0+)?Z?)?", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# ECMA-376 18.8.30: the numbers of days and times, those of Chinese spreadsheets among them.
_BUILT_IN_DAYS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NO_PLACEHOLDER = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_FIRST, _FIRST_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  a sheet's days have no zone
_LAST_SERIAL = 2_958_465


def number(written: str) -> tuple[str, bool]:
    """A number in plain digits, and whether it lost some: one of more than fifteen digits before its point did.

    What was lost is not made up: such a number is answered as the sheet shows it, 1.29901198001010E+17. Raises
    ValueError for what is no number.
    """
    if len(written) <= DIGITS and written.isascii() and written.isdigit():
        return str(int(written)), False
    if not _NUMBER.fullmatch(written):
        raise ValueError(written)
    value = Decimal(written)
    if value.adjusted() >= DIGITS:
        return f"{value:.14E}", True
    if value.adjusted() < _LEAST:
        return f"{value:E}", False
    return format(_ROUNDED.create_decimal(value).normalize() + 0, "f"), False


def has_lost_digits(text: str) -> bool:
    """Whether a text is what a spreadsheet makes of a long number when it saves it: 1.29901E+17."""
    return "E+" in text and _LOST.fullmatch(text.strip()) is not None


def day(serial: str, *, from_1904: bool) -> str:
    """A sheet's day as 2026/11/23, with its time of day where it has one; what is no day of theirs as a number."""
    text, lost = number(serial)
    value = Decimal(text)
    if lost or not 1 <= value <= _LAST_SERIAL:
        return text
    seconds = round(value * 86_400)
    found = (_FIRST_1904 if from_1904 else _FIRST) + timedelta(seconds=seconds)
    return f"{found:%Y/%m/%d}" if seconds % 86_400 == 0 else f"{found:%Y/%m/%d %H:%M:%S}"


def iso_day(written: str) -> str:
    """The same of a day that is kept as ISO 8601."""
    found = _ISO_DAY.fullmatch(written)
    return "/".join(found.group(1, 2, 3)) if found else written


def shows_days(format_id: int, code: str | None) -> bool:
    """Whether a number format shows days or times. `code` is the workbook's own, None for a built-in one."""
    if code is None:
        return format_id in _BUILT_IN_DAYS
    return any(letter in "ymdhs" for letter in _NO_PLACEHOLDER.sub("", code).lower())


def unescaped(text: str) -> str:
    """A text without the escapes of ECMA-376 22.9.2.19 (`_x000D_`)."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)
