"""What can go wrong with who is calling, and with taking parties in and putting them out.

DomainError
├── Unknown            the token is valid, but nobody here answers to it
│   └── BeyondPost     somebody does, but their post or mandate does not cover what the token would try
├── Frozen             the caller, their organisation, key or link is stopped from acting
├── Unproved           the token alone is not enough
│   ├── ProofRequired  this caller's tokens are bound to a key, and this one is not
│   └── ProofSpent     the proof that came with the token was shown before
└── Refused
    ├── WrongState     the party's state does not allow the act
    ├── SecondPerson   the act needs another person than the one who began it
    ├── CodeTaken      another party has this code
    ├── LinkTaken      this sign-in belongs to somebody else
    ├── PostLinked     this staff member has another sign-in
    ├── KidTaken       the client has a key of this name
    ├── NobodyLeft     too few would be left who could lift a freeze, confirm a post, or link a sign-in
    └── MandateStands  this person may act for that one already
"""

from typing import ClassVar

from core.errors import DomainError, Refused


class Unknown(DomainError):
    """A valid token whose (issuer, subject) is linked to nobody, or whose `org` or mandate the caller does not have."""


class BeyondPost(Unknown):
    """The token's scope is more than the caller's post or mandate covers."""


class Frozen(DomainError):
    """The caller's party, post, key or link is frozen: effective from the request after the freeze."""


class Unproved(DomainError):
    """Whoever sent the token has not proved that it is theirs; `code` is one of the edge's stable codes."""

    code: ClassVar[str] = "PROOF_REQUIRED"


class ProofRequired(Unproved):
    """A third party's token that is bound to no key: whoever found it could use it."""


class ProofSpent(Unproved):
    """The proof came with another request before: each is good for one."""

    code = "PROOF_SPENT"


class WrongState(Refused):
    """The act does not start from the state this one is in."""

    code = "WRONG_STATE"


class SecondPerson(Refused):
    """Whoever began an act does not also complete it."""

    code = "SECOND_PERSON"


class CodeTaken(Refused):
    """Another party has this code."""

    code = "CODE_TAKEN"


class LinkTaken(Refused):
    """This sign-in belongs to somebody else; moving it is an act of its own."""

    code = "LINK_TAKEN"


class PostLinked(Refused):
    """This staff member has another sign-in: a post is one sign-in's."""

    code = "POST_LINKED"


class KidTaken(Refused):
    """The client has, or had, a key of this name."""

    code = "KID_TAKEN"


class MandateStands(Refused):
    """This person may act for that one already."""

    code = "MANDATE_STANDS"


class NobodyLeft(Refused):
    """A freeze is lifted by two people of the institution, a post confirmed by another than its holder, a sign-in
    linked by the security officer: this would leave too few."""

    code = "NOBODY_LEFT"
