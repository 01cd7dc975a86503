"""A PDF's pages as they are seen: what is drawn where, what its codes say, its headings, and whether every character
has a shape."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pypdfium2
import zxingcpp
from pypdf import PdfReader
from pypdf.generic import ContentStream

_DOTS_PER_POINT = 2
_PAPER = 250  # as white as no ink is
_DARK = 160  # darker than the watermark
MM = 72 / 25.4


@dataclass(frozen=True)
class Box:
    """A place on a page in points, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


class Seen:
    """One page, drawn."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.width, self.height = page.get_size()
        bitmap = page.render(scale=_DOTS_PER_POINT, grayscale=True)
        self._dots, self._stride = bytes(bitmap.buffer), bitmap.stride
        self._size = (bitmap.width, bitmap.height)
        self._text = page.get_textpage()

    @property
    def inked(self) -> Box:
        """The smallest box that holds whatever is drawn."""
        wide, high = self._size
        rows = [self._dots[y * self._stride : y * self._stride + wide] for y in range(high)]
        inked = [y for y, row in enumerate(rows) if min(row) < _PAPER]
        columns = [x for x in range(wide) if any(rows[y][x] < _PAPER for y in inked)]
        ends = (columns[0], inked[0], columns[-1] + 1, inked[-1] + 1)
        return Box(*(end / _DOTS_PER_POINT for end in ends))

    def differs(self, other: "Seen") -> int:
        """How many dots of it are not the other's."""
        return sum(a != b for a, b in zip(self._dots, other._dots, strict=True))

    def codes(self) -> list[str]:
        """What the codes on it say to whoever scans them."""
        wide, high = self._size
        dots = b"".join(self._dots[y * self._stride : y * self._stride + wide] for y in range(high))
        return [found.text for found in zxingcpp.read_barcodes(memoryview(dots).cast("B", (high, wide)))]

    def found(self, words: str) -> Box | None:
        """Where words stand, up to the end of their first line; None where they do not."""
        hit = self._text.search(words, match_case=True).get_next()
        if hit is None:
            return None
        boxes = [self._text.get_charbox(n) for n in range(hit[0], hit[0] + hit[1])]
        line = [box for box in boxes if abs(box[1] - boxes[0][1]) < box[3] - box[1] + 6]
        left, right = min(box[0] for box in line), max(box[2] for box in line)
        low, high = min(box[1] for box in line), max(box[3] for box in line)
        return Box(left, self.height - high, right, self.height - low)

    def ink(self, box: Box) -> float:
        """Which part of a box is dark: of printed characters some tenth, and never nothing or all of it."""
        x, y = int(box.left * _DOTS_PER_POINT), int(box.top * _DOTS_PER_POINT)
        wide = max(1, int((box.right - box.left) * _DOTS_PER_POINT))
        high = max(1, int((box.bottom - box.top) * _DOTS_PER_POINT))
        rows = [self._dots[line * self._stride + x : line * self._stride + x + wide] for line in range(y, y + high)]
        return sum(dot < _DARK for row in rows for dot in row) / (wide * high)


@contextmanager
def seen(pdf: bytes) -> Iterator[Sequence[Seen]]:
    """The pages of a PDF."""
    with pypdfium2.PdfDocument(pdf) as document:
        yield [Seen(page) for page in document]


def shapeless(pdf: bytes) -> int:
    """How many characters are drawn as .notdef: the empty box of what the font has not."""
    reader = PdfReader(BytesIO(pdf))
    return sum(code == b"\0\0" for page in reader.pages for code in _codes(reader, page.get_contents()))


def _codes(reader: PdfReader, content: object) -> Iterator[bytes]:
    for operands, operator in ContentStream(content, reader).operations:
        if operator not in (b"Tj", b"TJ"):
            continue
        for part in operands[0] if operator == b"TJ" else operands:
            raw = getattr(part, "original_bytes", part if isinstance(part, bytes) else b"")
            yield from (raw[n : n + 2] for n in range(0, len(raw), 2))


def headings(pdf: bytes) -> list[str]:
    """The titles in the reader's own list of contents, but for the records'."""
    return [str(one.title) for one in _down_to(PdfReader(BytesIO(pdf)).outline, 2)]


def _down_to(outline: Any, levels: int) -> Iterator[Any]:
    for one in outline:
        if not isinstance(one, list):
            yield one
        elif levels > 1:
            yield from _down_to(one, levels - 1)
