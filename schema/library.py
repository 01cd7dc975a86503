"""Which documents a caller may send: those stored for their client, and texts where texts are taken (ADR 0154).

The service's own clients' documents are decided when it starts, and never dropped. What else is stored is read when it
is first asked for; it and texts are kept apart, each bounded in bytes, so that neither puts the other out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from core.errors import BadCall
from core.principal import ANONYMOUS, Principal, Scope
from schema.documents import Document, Shelf, decided, decided_for_all, digest_of
from schema.manifests import is_name
from schema.root import graphql_schema

_OTHERS_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Named:
    """A document that is asked for by its name."""

    name: str


@dataclass
class Stored:
    """One document of our own, and whether it was asked for since that was last written down."""

    client: str
    name: str
    document: Document
    used: bool = False


_NONE: Mapping[str, Stored] = {}


def decided_stored(text: str) -> Document:
    """A stored document, decided; raises `BadCall` also for what no caller may ever run."""
    return decided_for_all(graphql_schema, text)


# Whoever opens several houses in one process decides each document of its own once.
_decided_own = lru_cache(maxsize=4096)(decided_stored)


class Library:
    """Finds documents. Texts that are not stored are taken from everybody in a `demonstration`; elsewhere from programs
    of third parties and nobody else: not from our own clients, not from a till, not without a token."""

    def __init__(self, *, demonstration: bool, kept_bytes: int = _OTHERS_BYTES) -> None:
        self._demonstration = demonstration
        # By client id, then by name, and by SHA-256 where the name is another digest.
        self._own: dict[str, dict[str, Stored]] = {}
        self._texts, self._others = Shelf(kept_bytes), Shelf(kept_bytes)
        self._used: set[tuple[str, str]] = set()

    def known(self, asked: str | Named, principal: Principal) -> Document | None:
        """The document, or None where only the database can say whether it is stored. Raises `BadCall`."""
        own = self._own.get(principal.client, _NONE)
        name = asked.name if isinstance(asked, Named) else digest_of(asked)
        stored = own.get(name)
        if stored is not None:
            stored.used = True
            return stored.document
        if isinstance(asked, Named):
            if not is_name(name):
                raise BadCall("DOCUMENT_UNKNOWN")
        elif self._takes_text(principal):
            return self._text(asked, name)
        return self._others.get((principal.client, name))

    def text(self, text: str) -> Document:
        """The document of a text that somebody may send. Raises `BadCall`."""
        return self._text(text, digest_of(text))

    def adopt(self, client: str, ids: Collection[str], texts: Mapping[str, str]) -> None:
        """Take the documents of one of our own clients, which comes under these ids, or without a token.

        Raises `BadCall`, with the document's name as `document`, for one that nobody could ever run.
        """
        taken: dict[str, Stored] = {}
        for name, text in texts.items():
            try:
                stored = Stored(client, name, _decided_own(text))
            except BadCall as refused:
                raise BadCall(refused.code, **refused.params, document=name) from None
            taken.update({name: stored, digest_of(text): stored})
        for id_ in (*ids, ANONYMOUS.client):
            self._own.setdefault(id_, {}).update(taken)

    def clients_of(self, principal: Principal) -> frozenset[str]:
        """Under which clients a caller's documents are stored."""
        own = self._own.get(principal.client)
        return frozenset({stored.client for stored in own.values()} if own else {principal.client})

    def keep(self, principal: Principal, name: str, client: str, text: str) -> Document:
        """Keep a document that was found stored under a client; raises `BadCall` when the schema has left it behind."""
        document = decided_stored(text)
        self._others.keep((principal.client, name), document, text)
        self._used.add((client, name))
        return document

    def forget(self) -> None:
        """Read what is not our own anew when it is next asked for: it may be retired, and its day is written down."""
        self._others.empty()

    def used(self) -> set[tuple[str, str]]:
        """Client and name of what was asked for since the last call, or read since then."""
        found, self._used = self._used, set()
        for stored in {id(one): one for own in self._own.values() for one in own.values()}.values():
            if stored.used:
                found.add((stored.client, stored.name))
                stored.used = False
        return found

    def _takes_text(self, principal: Principal) -> bool:
        return self._demonstration or not (
            principal is ANONYMOUS or principal.client in self._own or Scope.CLAIM_REDEEM in principal.scopes
        )

    def _text(self, text: str, digest: str) -> Document:
        document = self._texts.get(digest)
        if document is None:
            document = decided(graphql_schema, text)
            self._texts.keep(digest, document, text)
        return document
