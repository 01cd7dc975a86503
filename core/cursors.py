"""Sealed cursors: a position only this service can make, for one field, one filter and one caller (design §5).

AES-SIV is deterministic, so the same position reads the same; any change of field, filter or caller fails to open.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag

from core.errors import BadCall
from core.vault import Vault

_LONGEST = 1000  # the longest name that a list is ordered by has 480 bytes


class Sealer:
    """Makes and reads the cursors of one field under one filter for one caller."""

    def __init__(self, vault: Vault, *bound: object) -> None:
        self._vault = vault
        self._to = bound

    @cached_property
    def _bound(self) -> list[bytes]:
        """What the cursors are bound to, in one line; worked out only when a cursor is made or read."""
        return [hashlib.sha256(orjson.dumps(self._to, default=str)).digest()]

    def seal(self, keyset: Sequence[str]) -> str:
        """The cursor of a row whose ordering columns have these values."""
        kid = self._vault.cursor_kid
        text = self._vault.cursor_boxes[kid].encrypt(orjson.dumps(keyset), [*self._bound, kid.encode()])
        return kid + base64.urlsafe_b64encode(text).rstrip(b"=").decode()

    def open(self, cursor: str) -> list[str]:
        """The ordering values behind a cursor; raises `BadCall(BAD_CURSOR)` for any other text."""
        kid, body = cursor[:8], cursor[8:]
        box = self._vault.cursor_boxes.get(kid)
        if box is None or not body or len(cursor) > _LONGEST or not body.isascii():
            raise BadCall("BAD_CURSOR")
        try:
            text = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
            keyset: list[Any] = orjson.loads(box.decrypt(text, [*self._bound, kid.encode()]))
        except (InvalidTag, binascii.Error, ValueError):
            raise BadCall("BAD_CURSOR") from None
        return keyset
