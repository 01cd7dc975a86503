"""What can go wrong with who is calling.

DomainError
├── Unknown   the token is valid, but nobody here answers to it
└── Frozen    the caller's organisation is stopped from acting
"""

from core.errors import DomainError


class Unknown(DomainError):
    """A valid token whose (issuer, subject) is linked to nobody, or whose `org` the caller may not act for."""


class Frozen(DomainError):
    """The caller's party is frozen: effective from the request after the freeze."""
