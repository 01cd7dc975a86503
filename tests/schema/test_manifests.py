"""Manifests as builds emit them: three formats, and not one digest on trust."""

import hashlib
import json
from typing import Any

import pytest

from schema import manifests
from schema.manifests import BadManifest

_A, _B = "query A { __typename }", "query B { __typename }\n"


def _sha(text: str, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, text.encode()).hexdigest()


def _apollo(**changed: Any) -> dict[str, Any]:
    operation = {"id": _sha(_A), "name": "A", "type": "query", "body": _A}
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation], **changed}


_READ: dict[str, tuple[Any, dict[str, str]]] = {
    "apollo": (_apollo(), {_sha(_A): _A}),
    "relay, MD5": ({_sha(_B, "md5"): _B}, {_sha(_B, "md5"): _B}),
    "relay, SHA-1": ({_sha(_B, "sha1"): _B}, {_sha(_B, "sha1"): _B}),
    "relay, SHA-256": ({_sha(_A): _A, _sha(_B): _B}, {_sha(_A): _A, _sha(_B): _B}),
    "graphql-codegen": ({f"sha256:{_sha(_A)}": _A}, {_sha(_A): _A}),
}
_REFUSED: dict[str, Any] = {
    "no JSON": "{",
    "a list": [],
    "nothing": {},
    "another text": {_sha(_A): _B},
    "another text after a good one": {_sha(_A): _A, _sha(_B): _A},
    "a text with one space more": {_sha(_A): f"{_A} "},
    "an upper-case digest": {_sha(_A).upper(): _A},
    "MD5 that says SHA-256": {f"sha256:{_sha(_A, 'md5')}": _A},
    "a name of somebody's own": {"HomeQuery": _A},
    "a text that is none": {_sha(_A): 5},
    "apollo of another version": _apollo(version=2),
    "another format": _apollo(format="persisted"),
    "apollo without operations": _apollo(operations=None),
    "apollo with another id": _apollo(operations=[{"id": _sha(_B), "body": _A}]),
    "apollo without a body": _apollo(operations=[{"id": _sha(_A)}]),
    "apollo with a number": _apollo(operations=[5]),
    "a long document": {_sha("#" * 65_537): "#" * 65_537},
    "2,001 documents": {_sha(f"#{n}"): f"#{n}" for n in range(2001)},
    "5 MB": {_sha("#"): "#" + " " * (5 * 1024 * 1024)},
}


@pytest.mark.parametrize("_case", _READ)
def test_the_formats_that_builds_emit(_case: str) -> None:
    given, found = _READ[_case]
    assert manifests.read(json.dumps(given).encode()) == found


@pytest.mark.parametrize("_case", _REFUSED)
def test_what_is_no_manifest_is_refused_whole(_case: str) -> None:
    given = _REFUSED[_case]
    with pytest.raises(BadManifest):
        manifests.read((given if isinstance(given, str) else json.dumps(given)).encode())


def test_the_most_documents_and_the_longest_are_read() -> None:
    many = {_sha(f"#{n}"): f"#{n}" for n in range(2000)}
    assert manifests.read(json.dumps(many).encode()) == many
    long = "#" * manifests.LONGEST_DOCUMENT
    assert manifests.read(json.dumps({_sha(long): long}).encode()) == {_sha(long): long}
    whole = json.dumps(many).encode().ljust(manifests.MOST_BYTES)
    assert manifests.read(whole) == many
    for more in (
        json.dumps({**many, _sha("#one more"): "#one more"}).encode(),
        json.dumps({_sha(f"{long}#"): f"{long}#"}).encode(),
        whole + b" ",
    ):
        with pytest.raises(BadManifest):
            manifests.read(more)


@pytest.mark.parametrize(
    ("version", "fits"),
    [("1.4.0+3-b_2", True), ("x" * 64, True), ("x" * 65, False), ("", False), ("1/2", False), ("１", False)],
)
def test_versions(version: str, fits: bool) -> None:
    assert manifests.is_version(version) is fits
