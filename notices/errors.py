"""What can go wrong with telling.

NotDelivered            one try of one message failed; its code is a word for the sender's own eyes
"""


class NotDelivered(Exception):
    """One try failed. `code` is a fixed word: never an address, a header or anything the other side sent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
