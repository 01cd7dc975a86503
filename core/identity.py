"""Identity numbers: which are well formed, when their bearer was born, and how they are shown.

Check digits are python-stdnum's (GB 11643, GB 32100); a 统一社会信用代码's is computed here, eight times as fast, and
tested against it. Its whole validators are not used: they refuse real residents of five former Tianjin counties and of
Hong Kong, Macao and Taiwan, and accept dates in the future.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from operator import mul

from stdnum.cn import ric


class IdentityType(Enum):
    """What kind of document a number belongs to."""

    RESIDENT_ID = "RESIDENT_ID"  # 居民身份证
    HMT_RESIDENCE_PERMIT = "HMT_RESIDENCE_PERMIT"  # 港澳台居民居住证, the same 18 characters
    FOREIGN_PERMANENT_RESIDENT_ID = "FOREIGN_PERMANENT_RESIDENT_ID"  # 外国人永久居留身份证, of 18 digits or the old 15
    HM_TRAVEL_PERMIT = "HM_TRAVEL_PERMIT"  # 港澳居民来往内地通行证
    TAIWAN_TRAVEL_PERMIT = "TAIWAN_TRAVEL_PERMIT"  # 台湾居民来往大陆通行证
    PASSPORT = "PASSPORT"  # 护照, with its issuing state
    USCC = "USCC"  # 统一社会信用代码


# What files call the types that they are written with.
WRITTEN_TYPES = {
    "身份证": IdentityType.RESIDENT_ID,
    "居民身份证": IdentityType.RESIDENT_ID,
    "港澳台居民居住证": IdentityType.HMT_RESIDENCE_PERMIT,
    "统一社会信用代码": IdentityType.USCC,
}
# The documents that a person may have had before, or has instead.
EVERY_WRITTEN_TYPE = {
    **WRITTEN_TYPES,
    "外国人永久居留身份证": IdentityType.FOREIGN_PERMANENT_RESIDENT_ID,
    "港澳居民来往内地通行证": IdentityType.HM_TRAVEL_PERMIT,
    "台湾居民来往大陆通行证": IdentityType.TAIWAN_TRAVEL_PERMIT,
    "护照": IdentityType.PASSPORT,
}

_RESIDENT = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
# Numbers that say nothing about their bearer's birth: only their form can be checked.
_FORMS = {
    IdentityType.FOREIGN_PERMANENT_RESIDENT_ID: re.compile(r"[A-Z]{3}\d{12}", re.ASCII),
    IdentityType.HM_TRAVEL_PERMIT: re.compile(r"[HM]\d{8}(?:\d\d)?", re.ASCII),
    IdentityType.TAIWAN_TRAVEL_PERMIT: re.compile(r"\d{8}|\d{10}[A-Z]?", re.ASCII),
    # Two states issue equal numbers: CHN-E12345678. UTO is the state of specimens (ICAO 9303).
    IdentityType.PASSPORT: re.compile(r"[A-Z]{3}-(?=[A-Z]*\d)[A-Z\d]{5,15}", re.ASCII),
}
_OF_18 = (IdentityType.RESIDENT_ID, IdentityType.HMT_RESIDENCE_PERMIT)
_OF_REGION = {
    **dict.fromkeys(("81", "82", "83"), IdentityType.HMT_RESIDENCE_PERMIT),
    "9": IdentityType.FOREIGN_PERMANENT_RESIDENT_ID,
}
_SPECIMEN_STATE = "UTO-"
# GB 32100: the registering authority, and its kinds of organisation; 9 is each one's 其他.
_REGISTERED = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "123459",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "1239",
    "A": "19",
    "N": "1239",
    "Y": "19",
}
_USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {character: value for value, character in enumerate(_USCC_CHARACTERS)}
_USCC_WEIGHTS = [pow(3, place, 31) for place in range(17)]
_USCC = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}", re.ASCII)
# A resident number as people write it in a sentence: 18 digits with or without gaps, or the old 15.
_MONTH_DAY = r"(?:0[1-9]|1[0-2])[\s-]?(?:0[1-9]|[12]\d|3[01])"
_IN_TEXT = re.compile(
    rf"(?<!\d)[1-9]\d{{5}}[\s-]?(?:(?:19|20)\d\d[\s-]?{_MONTH_DAY}[\s-]?\d{{3}}[\s-]?[\dXx]|\d\d{_MONTH_DAY}\d{{3}})(?!\d)",
    re.ASCII,
)
# Every such number has fifteen digits in a row, with a gap at most between two: most texts have not.
_MANY_DIGITS = re.compile(r"[0-9０-９](?:[\s-]?[0-9０-９]){14}", re.ASCII)
_NARROW = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
_SHOWN_AHEAD, _SHOWN_BEHIND = 6, 2
_INVENTED_REGION = "1299"
_LONG = 15
_EARLIEST_BIRTH = date(1900, 1, 1)
ADULT_AGE = 18


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
        """True for the unassigned region 1299xx and the state of specimens, in which no living person can be."""
        if self.type is IdentityType.PASSPORT:
            return self.number.startswith(_SPECIMEN_STATE)
        region = self.number[2:8] if self.type is IdentityType.USCC else self.number[:6]
        return region.startswith(_INVENTED_REGION)


def parse(type_: IdentityType, text: str, *, today: date) -> IdentityNumber:
    """Read a number as written on a document; raises `BadIdentity`. Surrounding blanks and lower case are forgiven."""
    number = text.strip().upper()
    if type_ is IdentityType.USCC:
        return _organisation(number)
    return _person(number, today) if _says_birth(type_, number) else _foreigner(type_, number)


def _organisation(number: str) -> IdentityNumber:
    if not _USCC.fullmatch(number) or not number.strip("0"):
        raise BadIdentity("FORMAT")
    if number[1] not in _REGISTERED.get(number[0], ""):
        raise BadIdentity("FORMAT")
    weighed = sum(map(mul, map(_USCC_VALUES.__getitem__, number[:17]), _USCC_WEIGHTS))
    if _USCC_CHARACTERS[-weighed % 31] != number[-1]:
        raise BadIdentity("CHECK_DIGIT")
    return IdentityNumber(IdentityType.USCC, number, None)


def _person(number: str, today: date) -> IdentityNumber:
    # One number is one person, whatever a file calls it: the regions 81 to 83 are residence permits', 9 is foreigners'.
    type_ = _OF_REGION.get(number[:2]) or _OF_REGION.get(number[:1], IdentityType.RESIDENT_ID)
    if not _RESIDENT.fullmatch(number):
        raise BadIdentity("FORMAT")
    try:
        born = _birth(number)
    except ValueError:
        raise BadIdentity("BIRTH_DATE") from None
    if not _EARLIEST_BIRTH <= born <= today:
        raise BadIdentity("BIRTH_DATE")
    if ric.calc_check_digit(number) != number[-1]:
        raise BadIdentity("CHECK_DIGIT")
    return IdentityNumber(type_, number, born)


def _foreigner(type_: IdentityType, number: str) -> IdentityNumber:
    if not _FORMS[type_].fullmatch(number):
        raise BadIdentity("FORMAT")
    return IdentityNumber(type_, number, None)


def born_in(type_: IdentityType, number: str) -> date | None:
    """The day of birth that a well-formed number says; None where it says none."""
    return _birth(number) if _says_birth(type_, number) else None


def _says_birth(type_: IdentityType, number: str) -> bool:
    return type_ in _OF_18 or (type_ is IdentityType.FOREIGN_PERMANENT_RESIDENT_ID and number.isdecimal())


def _birth(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def age_on(born: date, today: date) -> int:
    """Whole years lived; born on 29 February, one is a year older on 1 March of other years (民法典 17, 实足年龄)."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def mask(number: str) -> str:
    """The first four and last two characters, of a short number the first and last two; what every screen shows."""
    if len(number) <= 6:
        return "*" * len(number)
    ahead = 4 if len(number) >= _LONG else 1
    return number[:ahead] + "*" * (len(number) - ahead - 2) + number[-2:]


def mask_numbers_in(text: str) -> str:
    """Free text with every resident number in it masked, of narrow or wide digits: it may be a third person's."""
    if not _MANY_DIGITS.search(text):
        return text
    kept = list(text)
    for found in _IN_TEXT.finditer(text.translate(_NARROW)):
        digits = [place for place in range(*found.span()) if text[place].isalnum()]
        for place in digits[_SHOWN_AHEAD:-_SHOWN_BEHIND]:
            kept[place] = "*"
    return "".join(kept)
