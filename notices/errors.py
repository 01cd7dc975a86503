"""What can go wrong with telling.

Refused
└── VersionChanged      the webhook is not the one the caller read

NotDelivered            one try of one message failed; its code is a word for the sender's own eyes
"""

from core.errors import Refused


class VersionChanged(Refused):
    """The thing to be changed is not as the caller last read it."""

    code = "VERSION_CHANGED"


class NotDelivered(Exception):
    """One try failed. `code` is a fixed word: never an address, a header or anything the other side sent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
