"""Pictures for Chromium's false camera: a few frames of YUV4MPEG2, which it plays again and again."""

import re
from collections.abc import Iterable
from pathlib import Path

_WIDTH, _HEIGHT, _FRAMES = 640, 480, 5
_HEAD = f"YUV4MPEG2 W{_WIDTH} H{_HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
_NO_COLOUR = b"\x80" * (_WIDTH * _HEIGHT // 2)
_SQUARE = re.compile(r"M(\d+) (\d+)h1v1h-1z")


def of_code(path: Path, drawn: str, size: int) -> None:
    """A QR code, as the app drew it: one path of unit squares in a square of `size`, seen by a camera."""
    unit = _HEIGHT * 2 // 3 // size
    dark = {(int(x), int(y)) for x, y in _SQUARE.findall(drawn)}
    left, top = (_WIDTH - size * unit) // 2, (_HEIGHT - size * unit) // 2
    lines = []
    for y in range(_HEIGHT):
        row = (y - top) // unit
        lines.append(bytes(20 if ((x - left) // unit, row) in dark else 235 for x in range(_WIDTH)))
    _write(path, lines)


def of_nothing(path: Path) -> None:
    """A covered lens."""
    _write(path, [bytes([16]) * _WIDTH] * _HEIGHT)


def _write(path: Path, lines: Iterable[bytes]) -> None:
    frame = b"FRAME\n" + b"".join(lines) + _NO_COLOUR
    path.write_bytes(_HEAD + frame * _FRAMES)
