"""Which characters the shipped font has. One that it lacks is written out by its number, and never left blank.

The font (Noto Sans SC, OFL) has 30,853 characters: of the unified ideographs all that 通用规范汉字表 lists and most of
the basic block and extension A, and of the later extensions few. `covered.txt` is its list, made from the font.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

_COVERED = Path(__file__).with_name("fonts") / "covered.txt"


@cache
def covered() -> frozenset[int]:
    """The code points that have a glyph."""
    return frozenset(point for first, last in _ranges() for point in range(first, last + 1))


def printable(text: str) -> str:
    """The text as it is printed: what has no glyph as its number, such as 〔U+2C386〕."""
    points = covered()
    if all(ord(one) in points or one == "\n" for one in text):
        return text
    return "".join(one if ord(one) in points or one == "\n" else f"〔U+{ord(one):04X}〕" for one in text)


def _ranges() -> Iterator[tuple[int, int]]:
    for word in _COVERED.read_text("ascii").split():
        first, _, last = word.partition("-")
        yield int(first, 16), int(last or first, 16)
