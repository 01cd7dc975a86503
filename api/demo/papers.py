"""A paper of an invented person: a page with lines for writing and a ring for a seal. It says nothing."""

import struct
import zlib
from functools import cache

MEDIA_TYPE = "image/png"
_WIDTH, _HEIGHT, _MARGIN, _LINE, _INDENT = 420, 594, 48, 26, 40
_PAPER, _INK, _SEAL = b"\0", b"\1", b"\2"
_COLOURS = bytes.fromhex("fbfaf5 4a4f57 c0302b")
_LINES, _SHORT, _STROKE = 14, 5, 4
_RADIUS, _THICK = 52, 5


@cache
def page() -> bytes:
    """The page, as a PNG."""
    rows = b"".join(b"\0" + _row(y) for y in range(_HEIGHT))
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", _COLOURS), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _row(y: int) -> bytes:
    row = bytearray(_PAPER * _WIDTH)
    nth, inside = divmod(y - _MARGIN, _LINE)
    if 0 <= nth < _LINES and inside < _STROKE:
        begins = _MARGIN + _INDENT * (nth % _SHORT == 0)
        ends = _WIDTH - _MARGIN - 3 * _INDENT * (nth % _SHORT == _SHORT - 1)
        row[begins:ends] = _INK * (ends - begins)
    away = y - (_HEIGHT - 2 * _MARGIN)
    if abs(away) < _RADIUS:
        centre = _WIDTH - 2 * _MARGIN - _INDENT
        outer, inner = (int(max(radius**2 - away**2, 0) ** 0.5) for radius in (_RADIUS, _RADIUS - _THICK))
        for begins, ends in ((centre - outer, centre - inner), (centre + inner, centre + outer)):
            row[begins:ends] = _SEAL * (ends - begins)
    return bytes(row)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
