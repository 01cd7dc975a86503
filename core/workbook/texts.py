"""The texts that a workbook's cells share, kept packed: they may be as many as the cells themselves."""

from array import array
from collections.abc import Iterable, Mapping

from core.workbook import cells, elements
from core.workbook.archive import Unreadable

# CHOICE: 4 million texts are those of 200,000 rows of the widest layout, all different in 20 columns.
_MOST, _MOST_BYTES = 4_000_000, 128 << 20
_LONGEST = 1 << 18  # in characters; a spreadsheet's own cell holds 32,767


class Texts:
    """The texts as bytes beside each other, by their place."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        """One more."""
        self._bytes += text.encode()
        self._ends.append(len(self._bytes))
        if len(self._ends) > _MOST or len(self._bytes) > _MOST_BYTES:
            raise Unreadable("TOO_LARGE")

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self._ends) - 1:
            raise Unreadable("NOT_XLSX")
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode()


def read(chunks: Iterable[bytes]) -> Texts:
    """The texts of a part; raises `Unreadable`."""
    reading = _Reading()
    elements.go_through(chunks, reading.start, reading.end, reading.text)
    return reading.texts


class _Reading:
    """One text after another: the text itself or the runs it is made of, without the aids to its reading."""

    def __init__(self) -> None:
        self.texts = Texts()
        self._parts: list[str] = []
        self._size = 0
        self._reading = self._aside = False

    def start(self, name: str, _: Mapping[str, str]) -> None:
        if name == "t":
            self._reading = not self._aside
        elif name == "si":
            self._parts.clear()
            self._size = 0
        elif name == "rPh":
            self._aside = True

    def text(self, data: str) -> None:
        if self._reading:
            self._size += len(data)
            if self._size > _LONGEST:
                raise Unreadable("ROW_TOO_LONG")
            self._parts.append(data)

    def end(self, name: str) -> None:
        if name == "t":
            self._reading = False
        elif name == "si":
            self.texts.add(cells.unescaped("".join(self._parts)))
        elif name == "rPh":
            self._aside = False
