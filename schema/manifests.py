"""Manifests of stored documents, as builds emit them: Apollo's, Relay's, graphql-codegen's and our own app's.

Apollo's names its format and lists operations with `id` and `body`; the others are one object of name → text. A name is
the text's digest in every one of them, and every digest is verified: a manifest in which one is wrong is none.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

MOST_DOCUMENTS, MOST_BYTES, LONGEST_DOCUMENT = 2000, 4 * 1024 * 1024, 64 * 1024
_APOLLO = "apollo-persisted-query-manifest"
_ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256"}
_NAME = re.compile(r"(sha256:)?([0-9a-f]+)", re.ASCII)
_VERSION = re.compile(r"[A-Za-z0-9._+-]{1,64}", re.ASCII)


class BadManifest(ValueError):
    """What was given is no manifest; the message says why."""


def name_of(given: str) -> str:
    """What a document is called here: `sha256:` before a digest says nothing that its length does not say."""
    found = _NAME.fullmatch(given)
    return found[2] if found and (not found[1] or len(found[2]) == 64) else given


def is_name(text: str) -> bool:
    """Whether a document could be called so."""
    return len(text) in _ALGORITHMS and _NAME.fullmatch(text) is not None


def is_version(text: str) -> bool:
    """Whether a build's version can be called so."""
    return _VERSION.fullmatch(text) is not None


def is_digest(name: str, text: str) -> bool:
    """Whether the name is the text's digest: SHA-256, or the SHA-1 or MD5 that Relay may be set to."""
    algorithm = _ALGORITHMS.get(len(name))
    if algorithm is None:
        return False
    return hashlib.new(algorithm, text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest() == name


def read(raw: bytes) -> Mapping[str, str]:
    """Each document's text by its name; raises `BadManifest`."""
    if len(raw) > MOST_BYTES:
        raise BadManifest(f"a manifest has at most {MOST_BYTES} bytes")
    try:
        said = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadManifest(f"no JSON: {error}") from None
    if not isinstance(said, dict):
        raise BadManifest("a manifest is an object")
    found: dict[str, str] = {}
    for given, text in _apollo(said) if "format" in said else said.items():
        if not isinstance(given, str) or not isinstance(text, str):
            raise BadManifest("names and documents are texts")
        name = name_of(given)
        if len(text) > LONGEST_DOCUMENT:
            raise BadManifest(f"{given[:80]}: a document has at most {LONGEST_DOCUMENT} characters")
        if not is_digest(name, text):
            raise BadManifest(f"{given[:80]} is not the digest of its document")
        found[name] = text
    if not 1 <= len(found) <= MOST_DOCUMENTS:
        raise BadManifest(f"a manifest has 1 to {MOST_DOCUMENTS} documents")
    return found


def _apollo(said: Mapping[str, Any]) -> Iterator[tuple[object, object]]:
    operations = said.get("operations")
    if (said["format"], said.get("version")) != (_APOLLO, 1) or not isinstance(operations, list):
        raise BadManifest(f"of the formats with a name only {_APOLLO} 1 is read")
    for operation in operations:
        if not isinstance(operation, dict):
            raise BadManifest("an operation is an object")
        yield operation.get("id"), operation.get("body")
