"""What will not do about a document on a kiosk's reader, and which reader an installation has."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api import card_readers
from api.demo.card_reader import DemonstrationReader
from api.settings import NotConfigured, Settings
from core.identity import IdentityNumber, IdentityType
from core.installation import Kind
from grants.card_reading import CardRead, HolderCheck, KioskDocument

_TODAY = date(2026, 11, 27)
_PIN, _SMS, _FACE = HolderCheck.PIN, HolderCheck.TEXT_MESSAGE, HolderCheck.FACE
_CARD = IdentityNumber(IdentityType.RESIDENT_ID, "12990119700101001X", None)
_CODE = IdentityNumber(IdentityType.USCC, "91129901MA00000000", None)

_CASES: Mapping[str, tuple[dict[str, Any], list[str]]] = {
    "a card and its PIN": ({}, []),
    "a code by text message": ({"checked": _SMS}, []),
    "its last day counts": ({"valid_until": _TODAY}, []),
    "the day after does not": ({"valid_until": date(2026, 11, 26)}, ["DOCUMENT_EXPIRED"]),
    "a face, among others, agreed to": ({"checked": _FACE, "agreed": True}, []),
    "a face that nobody agreed to": ({"checked": _FACE}, ["FACE_WITHOUT_CONSENT"]),
    "a face as the only way": ({"checked": _FACE, "agreed": True, "offered": frozenset({_FACE})}, ["FACE_ALONE"]),
    "a way that was not offered": ({"checked": _SMS, "offered": frozenset({_PIN})}, ["HOLDER_UNCHECKED"]),
    "nothing offered": ({"offered": frozenset()}, ["HOLDER_UNCHECKED"]),
    "a licence with a code": ({"document": KioskDocument.ELECTRONIC_LICENCE, "number": _CODE}, []),
    "a card with a code": ({"number": _CODE}, ["DOCUMENT_KIND"]),
    "a licence with a person's number": ({"document": KioskDocument.ELECTRONIC_LICENCE}, ["DOCUMENT_KIND"]),
}


@pytest.mark.parametrize("case", _CASES)
def test_what_will_not_do(case: str) -> None:
    changed, codes = _CASES[case]
    given: dict[str, Any] = {
        "name_of_it": "a",
        "document": KioskDocument.IDENTITY_CARD,
        "number": _CARD,
        "name": "王小明",
        "valid_until": None,
        "checked": _PIN,
        "offered": frozenset(HolderCheck),
        "agreed": False,
    }
    assert [one.code for one in CardRead(**{**given, **changed}).faults(_TODAY)] == codes


def test_a_demonstrations_reader_is_refused_on_a_real_database(tmp_path: Path) -> None:
    def settings(name: str) -> Settings:
        return Settings(data=tmp_path, card_reader=name)

    assert isinstance(card_readers.of(settings(""), Kind.DEMONSTRATION), DemonstrationReader)
    assert isinstance(card_readers.of(settings("demonstration"), Kind.DEMONSTRATION), DemonstrationReader)
    assert card_readers.of(settings(""), Kind.REAL) is None
    for name, kind in (("demonstration", Kind.REAL), ("vendor", Kind.REAL), ("vendor", Kind.DEMONSTRATION)):
        with pytest.raises(NotConfigured, match="HAIHE_CARD_READER"):
            card_readers.of(settings(name), kind)
