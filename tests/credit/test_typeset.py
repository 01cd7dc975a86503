"""The PDF says what the snapshot says, whoever it is about, and a reader can tell that nobody changed it."""

import random
import re
from io import BytesIO
from typing import Any

import pytest
from asn1crypto import pem, x509
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from core import keys
from core.keys import KeyRings, Purpose
from credit.typeset import certificates, forms, glyphs, layout, setting, signing
from tests.harness.reporting import squeezed, text_of
from tests.harness.scale import scaled
from tests.harness.snapshots import CATEGORIES, CODE, COMPANY, PERSON, printed, record, snapshot


def assert_says_all(said: dict[str, Any], pdf: bytes) -> None:
    """Every text of the layout stands in the PDF, in order, once the pages' own lines are taken away."""
    page_of = layout.of(said)
    foot = squeezed(f"报告编号{said['number']}　验证码{CODE}")
    head = squeezed(f"{page_of.title}报告编号{said['number']}")
    found = ""
    for index, page in enumerate(PdfReader(BytesIO(pdf)).pages):
        text = re.sub(r"第\d+页共\d+页", "", squeezed(page.extract_text()).replace(foot, ""))
        found += text.replace(head, "", 1) if index else text
    place = 0
    for text in page_of.texts():
        at = found.find(squeezed(glyphs.printable(text)), place)
        assert at >= 0, f"not printed, or not here: {text}"
        place = at


def values_of(said: dict[str, Any]) -> list[str]:
    """What the data says, without the layout between."""
    out = [said["subject"]["name"], said["subject"]["identity"], said["number"]]
    for one in said["records"]:
        out += [one["title"], one["documentNumber"] or "", one["authority"], one["source"], one["statement"] or ""]
        out += [text for item in one["items"] for text in (item["label"], item["value"])]
    return out


@pytest.mark.parametrize("subject", [PERSON, COMPANY], ids=["person", "company"])
def test_the_text_is_the_data(subject: dict[str, Any]) -> None:
    records = [record(n, category=category) for n, category in enumerate(CATEGORIES)]
    records[2] |= {"objections": ["2026-11-20T01:00:00Z"], "statement": "已于当日整改完毕，并缴清罚款。"}
    said = snapshot(subject, records)
    pdf = printed(said)
    assert_says_all(said, pdf)
    text = text_of(pdf)
    for value in values_of(said):
        assert squeezed(value) in text
    for one in records:
        assert text.count(squeezed(one["documentNumber"])) >= 1, "every category has a section"
    assert "异议标注：该信息已于2026年11月20日09:00:00被提出异议" in text
    assert "主体声明：已于当日整改完毕" in text
    assert "不作凭证" not in text


def test_what_was_not_granted_is_not_said_to_be_nothing() -> None:
    authority = {"recipient": "海津示例银行", "purpose": "FINANCING", "categories": ["ADMINISTRATIVE", "COMPLIANCE"]}
    page = layout.of(snapshot(PERSON, [], authority=authority))
    by_title = {section.title.partition("、")[2]: section.empty for section in page.sections}
    assert by_title["行政管理信息"] == forms.NOTHING
    assert by_title["司法裁判及执行信息"] == forms.NOT_GRANTED
    assert by_title["其他信息"] == "授权范围内无相关信息"
    assert dict(page.counts)["司法裁判及执行信息"] == "未提供"
    assert dict(page.counts)["行政管理信息"] == "0条"


GRADE: dict[str, Any] = {
    "state": "HELD", "version": 1, "grade": "B", "basis": "海津市公共信用综合评价指标", "assessedOn": "2026-03-01",
    "validUntil": "2027-02-28", "source": "海津市公共信用信息中心", "objections": ["2026-11-20T01:00:00Z"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("graded", "said", "not_said"),
    [
        (
            GRADE,
            ["B级", "海津市公共信用综合评价指标", "该评价已于2026年11月20日09:00:00被提出异议", "分为A、B、C、D四级"],
            [],
        ),
        ({"state": "NONE", "version": 0}, ["没有在有效期内的评价"], ["分为A、B、C、D四级"]),
        ({"state": "NOT_GRANTED"}, ["公共信用综合评价：不在授权范围内，未予提供"], ["分为A、B、C、D四级"]),
        (None, [], ["公共信用综合评价"]),
    ],
    ids=["held", "none", "not granted", "not in such a report"],
)
def test_the_evaluation_is_printed_with_its_mark_or_why_it_is_not(
    graded: dict[str, Any] | None, said: list[str], not_said: list[str]
) -> None:
    whole = snapshot(COMPANY, [], evaluation=graded)
    pdf = printed(whole)
    assert_says_all(whole, pdf)
    text = text_of(pdf)
    assert [one for one in said if squeezed(one) not in text] == []
    assert [one for one in not_said if squeezed(one) in text] == []


def test_a_thousand_records_over_many_pages() -> None:
    said = snapshot(COMPANY, [record(n) for n in range(scaled(300, 1000))], demonstration=True)
    pdf = printed(said)
    pages = PdfReader(BytesIO(pdf)).pages
    text = text_of(pdf)
    for one in said["records"]:
        assert squeezed(one["documentNumber"]) in text
    assert text.count(squeezed(forms.WATERMARK)) == len(pages)
    assert f"第{len(pages)}页共{len(pages)}页" in text


_WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="〔〕"), min_size=1, max_size=120
)


@settings(max_examples=scaled(15, 200), deadline=None)
@given(name=_WORDS, title=_WORDS, value=_WORDS)
def test_whatever_is_written_is_printed_and_nothing_is_blank(name: str, title: str, value: str) -> None:
    """Long names, markup of typst, characters that no font has: as they are, or by their number."""
    item = {"code": "x", "label": "处罚内容", "value": value, "masked": False}
    said = snapshot({**COMPANY, "name": name}, [record(title=title, items=[item])])
    page = layout.of(said).plain()
    shown = setting._printable(page)
    assert all(ord(c) in glyphs.covered() or c == "\n" for c in _all(shown))
    han = "".join(c for c in squeezed(glyphs.printable(value)) if "\u4e00" <= c <= "\u9fff")
    text = text_of(printed(said))
    assert all(c in text for c in han)


def _all(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join(map(_all, value.values()))
    return "".join(map(_all, value)) if isinstance(value, list | tuple) else ""


@pytest.mark.parametrize("text", ["#panic()", "$x^2$ *粗* _斜_ `代码` <label> @ref", "\\ // /* */ [] {}", "—“”‘’…·①㎡"])
def test_text_is_never_markup(text: str) -> None:
    item = {"code": "x", "label": "处罚内容", "value": text, "masked": False}
    assert squeezed(text) in text_of(printed(snapshot(COMPANY, [record(items=[item])])))


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王㛃", "王㛃"), ("李䶮", "李䶮"), ("赵𬭚", "赵𬭚"), ("钱𠅤", "钱𠅤"), ("孙𬎆", "孙〔U+2C386〕")],
)
def test_rare_characters_are_drawn_or_numbered(name: str, shown: str) -> None:
    assert shown in text_of(printed(snapshot({**PERSON, "name": name}, [])))


def test_the_common_characters_are_all_covered() -> None:
    gb2312 = {bytes([a, b]).decode("gb2312") for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFF)}
    assert all(ord(c) in glyphs.covered() for c in gb2312)


def test_a_certificate_says_what_was_found() -> None:
    period = {"from": "2023-01-01", "to": "2026-06-30"}
    certificate = {"kind": "NO_VIOLATION_CERTIFICATE", "period": period}
    none = text_of(printed(snapshot(COMPANY, [], **certificate)))
    assert "2023-01-01至2026-06-30期间" in none
    assert "未查询到该主体的违法违规记录" in none
    some = text_of(printed(snapshot(COMPANY, [record(1), record(2)], **certificate)))
    assert "查询到该主体的违法违规记录2条" in some
    assert "未查询到该主体" not in some


# ------------------------------------------------------------------------------------------------ the signature
@pytest.fixture(scope="module")
def rings(tmp_path_factory: pytest.TempPathFactory) -> KeyRings:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    keys.create(path)
    return keys.load(path)


def trusts(certificate: str) -> ValidationContext:
    _, _, der = pem.unarmor(certificate.encode())
    return ValidationContext(trust_roots=[x509.Certificate.load(der)], allow_fetching=False)


def is_good(pdf: bytes, context: ValidationContext) -> bool:
    """What pyHanko's validator says; a file that it cannot even read is not good."""
    try:
        signature = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
        return bool(validate_pdf_signature(signature, context).bottom_line)
    except Exception:  # noqa: BLE001
        return False


@pytest.fixture(scope="module")
def signed(rings: KeyRings) -> bytes:
    secret = rings.active(Purpose.PDF).secret
    return signing.signed(printed(snapshot(COMPANY, [record()])), signing.of_ring(secret))


def test_a_validator_accepts_it_offline(rings: KeyRings, signed: bytes) -> None:
    secret = rings.active(Purpose.PDF).secret
    context = trusts(certificates.certificate(secret))
    assert is_good(signed, context)
    status = validate_pdf_signature(PdfFileReader(BytesIO(signed)).embedded_signatures[0], context)
    assert status.coverage.name == "ENTIRE_FILE"
    assert certificates.certificate(secret) == certificates.certificate(secret)


def test_another_keys_certificate_does_not_vouch_for_it(signed: bytes, tmp_path: Any) -> None:
    keys.create(tmp_path / "keys.json")
    other = keys.load(tmp_path / "keys.json").active(Purpose.PDF).secret
    assert not is_good(signed, trusts(certificates.certificate(other)))


def test_one_flipped_byte_fails(rings: KeyRings, signed: bytes) -> None:
    context = trusts(certificates.certificate(rings.active(Purpose.PDF).secret))
    start, length, second, rest = PdfFileReader(BytesIO(signed)).embedded_signatures[0].byte_range
    covered = [*range(start, start + length), *range(second, second + rest)]
    drawn = random.Random(7)
    for place in drawn.sample(covered, scaled(60, 2000)):
        flipped = bytearray(signed)
        flipped[place] ^= 1 << drawn.randrange(8)
        assert not is_good(bytes(flipped), context), place


def test_what_is_appended_fails(rings: KeyRings, signed: bytes) -> None:
    context = trusts(certificates.certificate(rings.active(Purpose.PDF).secret))
    from pyhanko.pdf_utils.generic import pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root[pdf_name("/PageMode")] = pdf_name("/FullScreen")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    assert not is_good(out.getvalue(), context)
