"""Identity numbers: who is let in, and what is shown (facts measured in the domain notes §3)."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from core.identity import BadIdentity, IdentityType, age_on, mask, mask_numbers_in, parse

_TODAY = date(2026, 11, 23)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _resident(region: str, born: str, sequence: str = "001") -> str:
    number = region + born + sequence
    return number + ric.calc_check_digit(f"{number}?")


@pytest.mark.parametrize("number", ["11010519491231002X", "44052419900101001?", "31010119800101001?"])
def test_the_check_digit_is_the_standards(number: str) -> None:
    """GB 11643's own arithmetic, written out: a library that is called wrongly agrees with itself."""
    weighed = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    expected = "10X98765432"[weighed % 11]
    for digit in "0123456789X":
        given = number[:17] + digit
        if digit == expected:
            assert parse(IdentityType.RESIDENT_ID, given, today=_TODAY).number == given
        else:
            with pytest.raises(BadIdentity, match="CHECK_DIGIT"):
                parse(IdentityType.RESIDENT_ID, given, today=_TODAY)


_REAL = {
    "宁河县, born before numbers were issued": ("120221", "19500101"),
    "静海县": ("120223", "19811231"),
    "武清区, late registered": ("120114", "19600606"),
    "滨海新区": ("120116", "19900101"),
    "蓟州区": ("120119", "19700101"),
    "Hong Kong resident of 40": ("810000", "19860101"),
    "Macao resident of 50": ("820000", "19760101"),
    "Taiwan resident": ("830000", "20000101"),
    "invented": ("129901", "19800101"),
}


@pytest.mark.parametrize("_case", _REAL)
def test_real_people_are_not_refused(_case: str) -> None:
    region, born = _REAL[_case]
    found = parse(IdentityType.RESIDENT_ID, _resident(region, born), today=_TODAY)
    assert found.born == date(int(born[:4]), int(born[4:6]), int(born[6:]))


_WRONG = {
    "the future": (_resident("129901", "29900101"), "BIRTH_DATE"),
    "tomorrow": (_resident("129901", "20261124"), "BIRTH_DATE"),
    "before 1900": (_resident("129901", "18991231"), "BIRTH_DATE"),
    "no such day": (_resident("129901", "20230229"), "BIRTH_DATE"),
    "15 digits": ("129901800101001", "FORMAT"),
    "full-width": ("１２９９０１１９８００１０１００１０", "FORMAT"),
    "letters": ("12990119800101ABCD", "FORMAT"),
    "nothing": ("", "FORMAT"),
    "check digit": (_resident("129901", "19800101")[:-1] + "Z", "FORMAT"),
    "other digit": ("129901198001010010", "CHECK_DIGIT"),
}


@pytest.mark.parametrize("_case", _WRONG)
def test_impossible_numbers_are_refused(_case: str) -> None:
    number, code = _WRONG[_case]
    with pytest.raises(BadIdentity) as caught:
        parse(IdentityType.RESIDENT_ID, number, today=_TODAY)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("000000000000000000", "FORMAT"),
        ("91120000MA05XXXX0I", "FORMAT"),
        ("9112000000000000", "FORMAT"),
        ("91129901000000000X", "CHECK_DIGIT"),
    ],
)
def test_impossible_organisation_codes_are_refused(number: str, code: str) -> None:
    with pytest.raises(BadIdentity) as caught:
        parse(IdentityType.USCC, number, today=_TODAY)
    assert caught.value.code == code


@pytest.mark.parametrize("sort", ["91", "92", "N2", "Y1", "A1"])
def test_organisations_of_every_sort_are_let_in(sort: str) -> None:
    from stdnum.cn import uscc

    number = f"{sort}120116000000001"
    found = parse(IdentityType.USCC, (number + uscc.calc_check_digit(number)).lower(), today=_TODAY)
    assert found.number.startswith(sort)
    assert found.born is None


def test_a_lower_case_x_and_blanks_are_forgiven() -> None:
    number = next(n for n in (_resident("129901", "19800101", f"{s:03d}") for s in range(1, 99)) if n.endswith("X"))
    assert parse(IdentityType.RESIDENT_ID, f" {number.lower()} ", today=_TODAY).number == number


def test_a_number_keeps_itself_out_of_logs() -> None:
    number = _resident("129901", "19800101")
    assert number not in repr(parse(IdentityType.RESIDENT_ID, number, today=_TODAY))
    assert number not in f"{parse(IdentityType.RESIDENT_ID, number, today=_TODAY)}"


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        (date(2008, 11, 23), date(2026, 11, 22), 17),
        (date(2008, 11, 23), date(2026, 11, 23), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_whole_years(born: date, today: date, age: int) -> None:
    assert age_on(born, today) == age


@given(st.text(max_size=40))
def test_a_mask_keeps_length_and_hides_the_middle(text: str) -> None:
    shown = mask(text)
    assert len(shown) == len(text)
    assert shown.count("*") >= len(text) - 6


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_clear_no(text: str) -> None:
    for type_ in IdentityType:
        with suppress(BadIdentity):
            parse(type_, text, today=_TODAY)


def test_numbers_in_free_text_are_masked_and_other_digits_are_not() -> None:
    number = _resident("120101", "19800101")
    text = f"当事人{number}，电话13800000000，案号（2026）津0101民初12345678901234567890号"
    masked = mask_numbers_in(text)
    assert number not in masked
    assert number[:6] in masked
    assert "13800000000" in masked
    assert "12345678901234567890" in masked


_WRITTEN = {
    "plain": lambda n: n,
    "after letters": lambda n: "ID" + n,
    "wide digits": lambda n: n.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")),
    "with blanks": lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
    "with dashes": lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}",
    "over a line end": lambda n: f"{n[:6]}\n{n[6:]}",
    "the old fifteen": lambda n: n[:6] + n[8:17],
}


@pytest.mark.parametrize("_case", _WRITTEN)
def test_a_number_is_masked_however_it_is_written(_case: str) -> None:
    text = _WRITTEN[_case](_resident("120101", "19800101"))
    masked = mask_numbers_in(f"当事人{text}，男")
    assert text not in masked
    assert masked.count("*") >= 7
    assert masked.startswith("当事人")
    assert masked.endswith("，男")


def test_a_permit_is_one_person_whatever_a_file_calls_it() -> None:
    number = _resident("810000", "19860101")
    found = {
        parse(type_, number, today=_TODAY) for type_ in (IdentityType.RESIDENT_ID, IdentityType.HMT_RESIDENCE_PERMIT)
    }
    assert {identity.type for identity in found} == {IdentityType.HMT_RESIDENCE_PERMIT}


def test_the_invented_region_is_known() -> None:
    assert parse(IdentityType.RESIDENT_ID, _resident("129901", "19800101"), today=_TODAY).invented
    assert not parse(IdentityType.RESIDENT_ID, _resident("120101", "19800101"), today=_TODAY).invented


_FOREIGN = {
    "18 digits": (IdentityType.FOREIGN_PERMANENT_RESIDENT_ID, _resident("912840", "19800101")),
    "the old 15": (IdentityType.FOREIGN_PERMANENT_RESIDENT_ID, "USA110080010101"),
    "a Hong Kong permit": (IdentityType.HM_TRAVEL_PERMIT, "H12345678"),
    "a Macao permit, renewed": (IdentityType.HM_TRAVEL_PERMIT, "m1234567802"),
    "a Taiwan permit": (IdentityType.TAIWAN_TRAVEL_PERMIT, "12345678"),
    "an old Taiwan permit": (IdentityType.TAIWAN_TRAVEL_PERMIT, "1234567890B"),
    "a Chinese passport": (IdentityType.PASSPORT, "CHN-E12345678"),
    "a passport of letters and digits": (IdentityType.PASSPORT, "GBR-AB123CD45"),
}


@pytest.mark.parametrize("_case", _FOREIGN)
def test_other_documents_are_let_in(_case: str) -> None:
    type_, number = _FOREIGN[_case]
    found = parse(type_, number, today=_TODAY)
    assert (found.type, found.number) == (type_, number.upper())
    assert (found.born is not None) == (_case == "18 digits")
    assert mask(number).count("*") >= min(5, len(number) - 3)
    assert not found.invented


_NOT_FOREIGN = {
    "18 digits with a wrong end": (IdentityType.FOREIGN_PERMANENT_RESIDENT_ID, "912840198001010010", "CHECK_DIGIT"),
    "18 digits of the future": (
        IdentityType.FOREIGN_PERMANENT_RESIDENT_ID,
        _resident("912840", "20270101"),
        "BIRTH_DATE",
    ),
    "15 digits": (IdentityType.FOREIGN_PERMANENT_RESIDENT_ID, "110105800101001", "FORMAT"),
    "another letter": (IdentityType.HM_TRAVEL_PERMIT, "A12345678", "FORMAT"),
    "too short": (IdentityType.HM_TRAVEL_PERMIT, "H1234567", "FORMAT"),
    "nine digits": (IdentityType.TAIWAN_TRAVEL_PERMIT, "123456789", "FORMAT"),
    "no state": (IdentityType.PASSPORT, "E12345678", "FORMAT"),
    "no digit": (IdentityType.PASSPORT, "CHN-ABCDEFGH", "FORMAT"),
    "wide digits": (IdentityType.PASSPORT, "CHN-E１２３４５６７８", "FORMAT"),
}


@pytest.mark.parametrize("_case", _NOT_FOREIGN)
def test_impossible_foreign_documents_are_refused(_case: str) -> None:
    type_, number, code = _NOT_FOREIGN[_case]
    with pytest.raises(BadIdentity) as caught:
        parse(type_, number, today=_TODAY)
    assert caught.value.code == code


def test_a_foreigners_number_is_one_person_whatever_a_file_calls_it() -> None:
    number = _resident("912840", "19800101")
    assert parse(IdentityType.RESIDENT_ID, number, today=_TODAY).type is IdentityType.FOREIGN_PERMANENT_RESIDENT_ID


def test_a_specimen_passport_is_invented() -> None:
    assert parse(IdentityType.PASSPORT, "UTO-L898902C3", today=_TODAY).invented


@pytest.mark.parametrize("sort", ["01", "B1", "T1", "97", "65", "NN", "Y3"])
def test_nobody_registers_that(sort: str) -> None:
    from stdnum.cn import uscc

    number = f"{sort}120116000000001"
    with pytest.raises(BadIdentity) as caught:
        parse(IdentityType.USCC, number + uscc.calc_check_digit(number), today=_TODAY)
    assert caught.value.code == "FORMAT"


@pytest.mark.parametrize("sort", ["11", "12", "31", "51", "52", "54", "81", "93", "N1", "N3", "Y1", "A1"])
def test_every_registered_sort_is_let_in(sort: str) -> None:
    from stdnum.cn import uscc

    number = f"{sort}120116000000001"
    assert parse(IdentityType.USCC, number + uscc.calc_check_digit(number), today=_TODAY).number.startswith(sort)


@given(st.from_regex(r"[0-9A-HJ-NP-RTUWXY]{17}", fullmatch=True))
def test_an_organisations_check_digit_is_the_standards(begun: str) -> None:
    """Ours is quicker, and the same: of all last characters one is right."""
    from stdnum.cn import uscc

    number = "91129901" + begun[8:]
    right = number + uscc.calc_check_digit(number)
    assert parse(IdentityType.USCC, right, today=_TODAY).number == right
    for last in set("0123456789ABCDEFGHJKLMNPQRTUWXY") - {right[-1]}:
        with pytest.raises(BadIdentity, match="CHECK_DIGIT"):
            parse(IdentityType.USCC, number + last, today=_TODAY)
