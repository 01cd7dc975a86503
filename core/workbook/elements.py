"""XML that anybody may have made, in pieces, by expat: no entities, no depth, no endless names, tags or texts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from xml.parsers import expat

from core.workbook.archive import Unreadable

# CHOICE: a sheet is some ten elements deep and knows some hundred names; both are kept by the parser until its end.
_DEEPEST, _MOST_NAMES = 64, 2_000
_LONGEST_TAG = 1 << 20  # it is kept until it is closed
_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def parse(chunks: Iterable[bytes], start: Start, end: End | None = None, text: Text | None = None) -> Iterator[None]:
    """Tell of every element by its name without prefix; yields after each chunk. Raises `Unreadable`."""
    told = _Told(start, end)
    parser = expat.ParserCreate()
    parser.StartElementHandler = told.start
    parser.EndElementHandler = told.end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    fed = 0
    try:
        for chunk in chunks:
            fed += len(chunk)
            parser.Parse(chunk, False)
            if len(parser.intern) > _MOST_NAMES or fed - max(parser.CurrentByteIndex, 0) > _LONGEST_TAG:
                raise Unreadable("NOT_XLSX")
            yield
        parser.Parse(b"", True)
    except Unreadable:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter two: an encoding Python does not know
        if isinstance(error, expat.ExpatError) and error.code == _NO_MEMORY:
            raise MemoryError from None
        raise Unreadable("NOT_XLSX") from None
    yield


class _Told:
    """Passes elements on by their local names, down to a depth."""

    def __init__(self, start: Start, end: End | None) -> None:
        self._start, self._end = start, end
        self._names: dict[str, str] = {}
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable("NOT_XLSX")
        local = self._names.get(name)
        if local is None:
            local = self._names[name] = name.rpartition(":")[2]
        self._start(local, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        if self._end is not None:
            self._end(self._names[name])


def go_through(chunks: Iterable[bytes], start: Start, end: End | None = None, text: Text | None = None) -> None:
    """The same from the first to the last."""
    for _ in parse(chunks, start, end, text):
        pass


def _refuse(*_: Any) -> None:
    raise Unreadable("NOT_XLSX")
