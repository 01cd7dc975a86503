"""What can go wrong with telling.

ChangesForgotten        a listener comes back too late: what lies after its cursor is kept no more
NotDelivered            one try of one message failed; its code is a word for the sender's own eyes
"""

from core.errors import BadCall


class ChangesForgotten(BadCall):
    """What lies after a cursor is kept no more, or was never there: whoever asks reads everything anew."""

    def __init__(self) -> None:
        super().__init__("CHANGES_FORGOTTEN")


class NotDelivered(Exception):
    """One try failed. `code` is a fixed word: never an address, a header or anything the other side sent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
