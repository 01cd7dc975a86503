"""Files made to exhaust memory, and large ones: each is read or refused by a process that has little memory to give."""

import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from intake import layouts
from tests.harness import books
from tests.harness.scale import scaled
from tests.harness.servers import ROOT

# Above what the interpreter takes when it has begun. A bomb unpacks to more, and so do the large files.
_MIB = scaled(8, 48)
_BOMB = scaled(10, 200) << 20
_LARGE = scaled(10 << 20, 1 << 30)
# As rows that are kept, ten times as much.
_LONG = scaled(4, 200) << 20
_SHARING = scaled(1_000, 30_000)
_HEADER = layouts.SUBJECT.headers


def _hungry(*paths: Path, mib: int = _MIB) -> list[str]:
    found = subprocess.run(
        [sys.executable, "-m", "tests.harness.hungry", str(mib), *map(str, paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr[-2000:]
    return found.stdout.splitlines()


def _write(path: Path, pieces: Iterable[bytes]) -> Path:
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    return path


@dataclass(frozen=True)
class _Same:
    """The same again and again, in pieces, up to a size."""

    head: str
    one: str
    tail: str = ""
    size: int = _BOMB

    def __iter__(self) -> Iterator[bytes]:
        yield self.head.encode()
        piece = self.one.encode() * max(1, (1 << 20) // len(self.one))
        for _ in range(self.size // len(piece)):
            yield piece
        yield self.tail.encode()


class _Counted(_Same):
    """The same with another number `{n}` or `{m}` each time, so that it packs no better than a real sheet does. After
    20,000 times the numbers begin again, and what stands for `@` is the next one."""

    def __iter__(self) -> Iterator[bytes]:
        numbers = [n * 2_654_435_761 % 4_294_967_296 for n in range(20_000)]
        piece = "".join(self.one.format(n=n, m=m) for n, m in enumerate(numbers)).encode()
        yield self.head.encode()
        for times in range(self.size // len(piece) + 1):
            yield piece.replace(b"@", b"%d" % times)
        yield self.tail.encode()


def _with(name: str, pieces: Iterable[bytes], *, like: dict[str, str] | None = None) -> Callable[[Path], Path]:
    """A workbook one part of which is made of pieces."""

    def make(path: Path) -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
            for other, part in (like or books.parts("")).items():
                if other != name:
                    zipped.writestr(other, part)
            with zipped.open(name, "w") as part_file:
                for piece in pieces:
                    part_file.write(piece)
        return path

    return make


def _lying(make: Callable[[Path], Path], size: int) -> Callable[[Path], Path]:
    def lie(path: Path) -> Path:
        made, place = bytearray(make(path).read_bytes()), 0
        while (place := made.find(b"PK\x01\x02", place)) >= 0:
            if struct.unpack_from("<L", made, place + 24)[0] > size:
                struct.pack_into("<L", made, place + 24, size)
            place += 4
        return books.written(path, bytes(made))

    return lie


def _directory(path: Path) -> Path:
    """An empty part half a million times: objects of their own for whoever reads the directory whole."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    count = 500_000
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        for _ in range(count):
            file.write(entry)
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, count * len(entry), 4, 0))
    return path


_SHEET, _END = "<worksheet><sheetData>", "</sheetData></worksheet>"
_ROW = books.rows(_HEADER)
_BOMBS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "blanks": (_with(books.SHEET, _Same("<worksheet>", " ", "</worksheet>")), "过大"),
    "blanks that are said to be few": (_lying(_with(books.SHEET, _Same("<worksheet>", " ")), 1000), "不是有效的 xlsx"),
    "a picture of blanks": (_with("xl/media/a.png", _Same("", " ")), "过大"),
    "a tag without an end": (_with(books.SHEET, _Counted('<worksheet a="', "{m}")), "不是有效的 xlsx"),
    "a comment without an end": (_with(books.SHEET, _Counted("<worksheet><!--", "{m}")), "不是有效的 xlsx"),
    "a cell without an end": (
        _with(books.SHEET, _Counted(_SHEET + '<row><c t="inlineStr"><is><t>', "{m}")),
        "一行超过65536个字",
    ),
    "a text without an end": (_with(books.TEXTS, _Counted("<sst><si><t>", "{m}"), like=books.parts(_ROW)), "超过"),
    "a row without an end": (_with(books.SHEET, _Counted(_SHEET + "<row>", "<c><v>{n}</v></c>")), "列数超过100"),
    "endlessly deep": (_with(books.SHEET, _Counted("<worksheet>", "<a b='{m}'>")), "不是有效的 xlsx"),
    "endless names": (_with(books.SHEET, _Counted("<worksheet>", "<a{m}_@/>", "</worksheet>")), "不是有效的 xlsx"),
    "endless styles": (_with(books.STYLES, _Counted("<a><cellXfs>", '<xf a="{m}"/>'), like=books.parts(_ROW)), "过大"),
    "a directory of its own": (_directory, "过大"),
}


def test_bombs_are_refused_in_little_memory(tmp_path: Path) -> None:
    paths = [make(tmp_path / f"{n}.xlsx") for n, (make, _) in enumerate(_BOMBS.values())]
    assert all(path.stat().st_size > 1000 for path in paths)
    *said, peak = _hungry(*paths)
    for name, line, (_, reason) in zip(_BOMBS, said, _BOMBS.values(), strict=True):
        assert reason in line, name
    assert int(peak) < _MIB, peak


def test_rows_that_share_long_texts_are_not_there_together(tmp_path: Path) -> None:
    """Each row is 35 bytes of its sheet and 60,000 characters."""
    shared = f"<si><t>{'长' * 60_000}</t></si>"
    parts = books.parts(_ROW + '<row><c t="s"><v>0</v></c></row>' * _SHARING, texts=shared)
    *said, _ = _hungry(books.written(tmp_path / "a.xlsx", books.packed(parts, zipfile.ZIP_STORED)), mib=100)
    assert said == [str(_SHARING)]


def test_a_large_csv_is_read_in_little_memory(tmp_path: Path, figures: dict[str, int]) -> None:
    head = ",".join(_HEADER).encode() + b"\n"
    rows = b"".join(f"自然人,身份证,12990119800101{n:04d},{'某' * 40}{n}\n".encode() for n in range(10_000))
    times = _LARGE // len(rows) + 1
    path = _write(tmp_path / "a.csv", iter([head, *[rows] * times]))
    *said, peak = _hungry(path)
    assert said == [str(10_000 * times)]
    assert int(peak) < _MIB, peak
    figures |= {"csv rows": int(said[0]), "csv MiB": int(peak)}


def test_a_csv_of_one_endless_row_is_refused_in_little_memory(tmp_path: Path) -> None:
    quoted = _write(tmp_path / "quoted.csv", _Same(",".join(_HEADER) + '\n"', "一\n"))
    cells = _write(tmp_path / "cells.csv", _Same(",".join(_HEADER) + "\n", ","))
    lines = _write(tmp_path / "lines.csv", _Same(",".join(_HEADER) + "\n", '"a\n",'))
    header = _write(tmp_path / "header.csv", _Same("", "a,"))
    objects = _write(tmp_path / "a.jsonl", _Same('{"a": "', "一"))
    nested = _write(tmp_path / "b.jsonl", _Same('{"a": ', "["))
    *said, peak = _hungry(quoted, cells, lines, header, objects, nested)
    assert all("超过65536个字" in line for line in said), said
    assert int(peak) < _MIB, peak


def test_a_large_workbook_is_read_in_little_memory(tmp_path: Path, figures: dict[str, int]) -> None:
    one = books.rows(["自然人", "身份证", "129901{m:012d}", "某某"])
    path = _with(books.SHEET, _Counted(_SHEET + _ROW, one, _END, _LONG))(tmp_path / "a.xlsx")
    *said, peak = _hungry(path)
    assert int(said[0]) > _LONG // 500
    assert int(peak) < _MIB, peak
    figures |= {"xlsx rows": int(said[0]), "xlsx MiB": int(peak)}


def test_a_large_file_of_objects_is_read_in_little_memory(tmp_path: Path, figures: dict[str, int]) -> None:
    line = '{"主体类别": "自然人", "证件类型": "身份证", "证件号码": "1", "主体名称": "甲"}\n'
    path = _write(tmp_path / "a.jsonl", _Same("", line, size=_LONG))
    *said, peak = _hungry(path)
    assert int(said[0]) == path.stat().st_size // len(line.encode())
    assert int(peak) < _MIB, peak
    figures |= {"jsonl rows": int(said[0]), "jsonl MiB": int(peak)}
