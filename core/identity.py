"""Identity numbers: which are well formed, when their bearer was born, and how they are shown.

Check digits come from python-stdnum (GB 11643, GB 32100). Its whole validators are not used: they refuse real
residents of five former Tianjin counties and of Hong Kong, Macao and Taiwan, and accept dates in the future.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from stdnum.cn import ric, uscc

_RESIDENT = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_USCC = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}", re.ASCII)
# A resident number as people write it in a sentence: 18 digits with or without gaps, or the old 15.
_MONTH_DAY = r"(?:0[1-9]|1[0-2])[\s-]?(?:0[1-9]|[12]\d|3[01])"
_IN_TEXT = re.compile(
    rf"(?<!\d)[1-9]\d{{5}}[\s-]?(?:(?:19|20)\d\d[\s-]?{_MONTH_DAY}[\s-]?\d{{3}}[\s-]?[\dXx]|\d\d{_MONTH_DAY}\d{{3}})(?!\d)",
    re.ASCII,
)
_NARROW = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
_SHOWN_AHEAD, _SHOWN_BEHIND = 6, 2
_INVENTED_REGION = "1299"
_EARLIEST_BIRTH = date(1900, 1, 1)
ADULT_AGE = 18


class IdentityType(Enum):
    """What kind of document a number belongs to."""

    RESIDENT_ID = "RESIDENT_ID"  # 居民身份证
    HMT_RESIDENCE_PERMIT = "HMT_RESIDENCE_PERMIT"  # 港澳台居民居住证, the same 18 characters
    USCC = "USCC"  # 统一社会信用代码


class BadIdentity(ValueError):
    """A number that cannot be anybody's. `code` is one of FORMAT, CHECK_DIGIT, BIRTH_DATE."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class IdentityNumber:
    """A well-formed number. It keeps itself out of tracebacks and logs: its repr is masked."""

    type: IdentityType
    number: str
    born: date | None

    def __repr__(self) -> str:
        return f"IdentityNumber({self.type.value}, {mask(self.number)})"

    @property
    def invented(self) -> bool:
        """True for the demonstration's unassigned region 1299xx, in which no living person can be."""
        region = self.number[2:8] if self.type is IdentityType.USCC else self.number[:6]
        return region.startswith(_INVENTED_REGION)


def parse(type_: IdentityType, text: str, *, today: date) -> IdentityNumber:
    """Read a number as written on a document; raises `BadIdentity`. Surrounding blanks and lower case are forgiven."""
    number = text.strip().upper()
    if type_ is IdentityType.USCC:
        return _organisation(number)
    return _person(number, today)


def _organisation(number: str) -> IdentityNumber:
    if not _USCC.fullmatch(number) or not number.strip("0"):
        raise BadIdentity("FORMAT")
    if uscc.calc_check_digit(number) != number[-1]:
        raise BadIdentity("CHECK_DIGIT")
    return IdentityNumber(IdentityType.USCC, number, None)


def _person(number: str, today: date) -> IdentityNumber:
    # One number is one person, whatever a file calls it: the regions 81 to 83 are residence permits'.
    permit = number[:2] in ("81", "82", "83")
    type_ = IdentityType.HMT_RESIDENCE_PERMIT if permit else IdentityType.RESIDENT_ID
    if not _RESIDENT.fullmatch(number):
        raise BadIdentity("FORMAT")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadIdentity("BIRTH_DATE") from None
    if not _EARLIEST_BIRTH <= born <= today:
        raise BadIdentity("BIRTH_DATE")
    if ric.calc_check_digit(number[:-1]) != number[-1]:
        raise BadIdentity("CHECK_DIGIT")
    return IdentityNumber(type_, number, born)


def age_on(born: date, today: date) -> int:
    """Whole years lived; born on 29 February, one is a year older on 1 March of other years (民法典 17, 实足年龄)."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def mask(number: str) -> str:
    """The first four and last two characters; the rest hidden. What every screen shows."""
    return number[:4] + "*" * max(len(number) - 6, 0) + number[-2:] if len(number) > 6 else "*" * len(number)


def mask_numbers_in(text: str) -> str:
    """Free text with every resident number in it masked, of narrow or wide digits: it may be a third person's."""
    kept = list(text)
    for found in _IN_TEXT.finditer(text.translate(_NARROW)):
        digits = [place for place in range(*found.span()) if text[place].isalnum()]
        for place in digits[_SHOWN_AHEAD:-_SHOWN_BEHIND]:
            kept[place] = "*"
    return "".join(kept)
