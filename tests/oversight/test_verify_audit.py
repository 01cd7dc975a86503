"""The auditor's program: what somebody changes in an export is found, by whomever, and the first place is named.

Three who tamper: anybody with the file; who holds the log's key and makes every hash and signature of the file anew;
and who signs another tree of the log as well. The last is found by a checkpoint that was kept, and placed by the log.
"""

import asyncio
import base64
import copy
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import auditing as duty
from audit.merkle import leaf_hash
from audit.notes import VerifierKey, encoded, sign
from tests.audit.test_tree import tiles_of
from tests.harness import auditing
from tests.harness.city import Templates
from tests.harness.forging_audits import Genuine, Rows, forged, lines_of, made, rows_of, signed_anew
from tests.harness.scale import scaled

_PROGRAM = auditing.auditor()
_TRIED = settings(
    max_examples=scaled(80, 3000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def genuine(templates: Templates) -> Iterator[Genuine]:
    """One, made once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duty, "AT_ONCE", 40)
        yield asyncio.run(made(templates))


def _open(rows: Rows, index: int) -> int:
    """The index of the first open row from here on."""
    return next(n for n in range(index, len(rows)) if rows[n]["shown"] == "OPEN")


def _said(row: dict[str, Any], *, leaf: bool, **changed: Any) -> dict[str, Any]:
    """A row that says something else; with its leaf made anew or not."""
    data = json.dumps({**json.loads(row["data"]), **changed}, ensure_ascii=False)
    made = encoded(leaf_hash(base64.b64decode(row["salt"]) + data.encode())) if leaf else row["leaf"]
    return {**row, "data": data, "leaf": made}


def _removed(rows: Rows, _other: Rows) -> Rows:
    return rows[:50] + rows[51:]


def _closed_up(rows: Rows, other: Rows) -> Rows:
    first = rows[0]["position"]
    return [{**row, "position": first + n} for n, row in enumerate(_removed(rows, other))]


def _says(*, leaf: bool, **changed: Any) -> Callable[[Rows, Rows], Rows]:
    def change(rows: Rows, _other: Rows) -> Rows:
        at = _open(rows, 50)
        return [*rows[:at], _said(rows[at], leaf=leaf, **changed), *rows[at + 1 :]]

    return change


def _twice(rows: Rows, _other: Rows) -> Rows:
    return [*rows[:51], rows[50], *rows[51:]]


def _swapped(rows: Rows, _other: Rows) -> Rows:
    return [*rows[:50], rows[51], rows[50], *rows[52:]]


def _exchanged(rows: Rows, _other: Rows) -> Rows:
    """Two look alike in their places: everything but the position goes over."""
    first, second = _open(rows, 50), _open(rows, _open(rows, 50) + 1)
    exchanged = list(rows)
    exchanged[first] = {**rows[second], "position": rows[first]["position"]}
    exchanged[second] = {**rows[first], "position": rows[second]["position"]}
    return exchanged


def _cut(rows: Rows, _other: Rows) -> Rows:
    return rows[:-20]


def _others(rows: Rows, other: Rows) -> Rows:
    """The same positions, as another export shows them: under its own words for people."""
    return [*rows[:50], *other[50:60], *rows[60:]]


def _moved(rows: Rows, other: Rows) -> Rows:
    """Rows of other positions of another export."""
    return [*rows[:50], *other[60:70], *rows[60:]]


def _hidden(as_: str) -> Callable[[Rows, Rows], Rows]:
    def change(rows: Rows, _other: Rows) -> Rows:
        at = _open(rows, 50)
        hidden = {"position": rows[at]["position"], "shown": as_, "leaf": rows[at]["leaf"]}
        return [*rows[:at], hidden, *rows[at + 1 :]]

    return change


def _more(rows: Rows, _other: Rows) -> Rows:
    return [*rows, {**rows[-1], "position": rows[-1]["position"] + 1}]


def _other_person(rows: Rows, _other: Rows) -> Rows:
    at = _open(rows, 50)
    return [*rows[:at], {**rows[at], "who": "AAAAAAAAAAAA"}, *rows[at + 1 :]]


_STRETCH = r"^positions \d+ to \d+: altered$"
_FORKED = r"^head: at \d+ looks the tree that was kept is another, the log was forked$"
_TREE = r"^positions \d+ to \d+: some are altered, the tree is another$"
_AT, _NEXT = "{51}", "{52}"  # the position of the fifty-first row, and the one after
# What was done → what anybody who did it hears, what who signs the file anew, what who signs another tree.
_TABLE: dict[str, tuple[Callable[[Rows, Rows], Rows], str, str, str | None]] = {
    "removed": (_removed, rf"^position {_AT}: missing, {_NEXT} stands there$", "same", "same"),
    "removed and closed up": (_closed_up, "^position {51}: altered|^positions ", _FORKED, _FORKED),
    "basis changed": (_says(leaf=False, basis="SELF"), "^position {open}: altered, its leaf", "same", "same"),
    "basis and leaf changed": (_says(leaf=True, basis="SELF"), _STRETCH, _FORKED, _FORKED),
    "instant changed": (_says(leaf=False, at="2025-06-01T00:00:00Z"), "^position {open}: altered", "same", "same"),
    "instant and leaf changed": (_says(leaf=True, at="2025-06-01T00:00:00Z"), _STRETCH, _FORKED, _FORKED),
    "count and leaf changed": (_says(leaf=True, records=0), _STRETCH, _FORKED, _FORKED),
    "twice": (_twice, rf"^position {_AT}: out of order or twice, where {_NEXT} belongs$", "same", "same"),
    "reordered": (_swapped, rf"^position {_AT}: missing, {_NEXT} stands there$", "same", "same"),
    "exchanged": (_exchanged, _STRETCH, _FORKED, _FORKED),
    "cut": (_cut, "^position {cut}: missing, nothing follows$", "same", "^position {edge}: inside the period"),
    "one more": (_more, "^position {more}: beyond the last one$", "same", None),
    "another export's rows": (_others, _STRETCH, "holds", "holds"),
    "another export's rows from elsewhere": (_moved, "^position {51}: missing, {61} stands there$", "same", "same"),
    "another's word for a person": (_other_person, _STRETCH, "holds", "holds"),
    "hidden as withheld": (_hidden("WITHHELD"), _STRETCH, "^withheld: more than the checkpoints have$", None),
    "hidden as left out": (_hidden("OTHER"), "^position {open}: not shown, and nothing was left", "same", "same"),
    "hidden as erased": (_hidden("ERASED"), _STRETCH, "holds", "holds"),
}  # fmt: skip


def _heard(genuine: Genuine, files: dict[str, bytes], heads: list[str], log: str | None = None) -> str:
    try:
        auditing.checked(auditing.packed(files), genuine.keys, heads, log)
    except _PROGRAM.FAULTS as error:
        return str(error)
    return "holds"


@pytest.mark.parametrize("done", _TABLE)
def test_whatever_is_done_to_the_rows_is_found_and_named(genuine: Genuine, done: str) -> None:
    change, anybody, by_key, by_fork = _TABLE[done]
    rows, other = rows_of(genuine.files), rows_of(auditing.unpacked(genuine.other))
    files = {**genuine.files, "looks.jsonl": lines_of(change(copy.deepcopy(rows), other))}
    unchanged = {**genuine.files, "looks.jsonl": lines_of(rows)}
    assert _heard(genuine, signed_anew(genuine, unchanged), genuine.kept) == "holds", (
        "so it is the change that is found"
    )
    first, last = rows[0]["position"], rows[-1]["position"]
    places = {"51": first + 50, "52": first + 51, "61": first + 60, "open": rows[_open(rows, 50)]["position"]}
    places |= {"cut": last - 19, "edge": last - 20, "more": last + 1}
    wanted = [anybody, by_key, by_fork]
    heard = [_heard(genuine, files, genuine.kept), _heard(genuine, signed_anew(genuine, files), genuine.kept)]
    if by_fork is not None:
        heard.append(_heard(genuine, forged(genuine, files), genuine.kept))
    for want, found in zip(wanted, heard, strict=False):
        pattern = anybody if want == "same" else want
        assert pattern is not None
        for name, place in places.items():
            pattern = pattern.replace(f"{{{name}}}", str(place))
        assert _matches(pattern, found), (pattern, found)


def _matches(pattern: str, found: str) -> bool:
    return re.search(pattern, found) is not None


def test_what_the_log_itself_says_names_the_place_of_a_forgery(genuine: Genuine, tmp_path: Path) -> None:
    log = _served(genuine, tmp_path)
    assert _heard(genuine, genuine.files, [genuine.kept[1]], log) == "holds"
    assert _heard(genuine, genuine.files, [genuine.later], log) == "holds", "one that was kept later"
    assert "say --log" in _heard(genuine, genuine.files, [genuine.later])
    rows = rows_of(genuine.files)
    change, *_ = _TABLE["basis and leaf changed"]
    files = {**genuine.files, "looks.jsonl": lines_of(change(rows, []))}
    place = rows[_open(rows, 50)]["position"]
    assert _matches(_TREE, _heard(genuine, signed_anew(genuine, files), genuine.kept[1:])), "without one from between"
    for one in (signed_anew(genuine, files), forged(genuine, files)):
        assert _heard(genuine, one, [genuine.later], log) == f"position {place}: not the log's"


def _served(genuine: Genuine, folder: Path) -> str:
    """A copy of the log, as a folder."""
    (folder / "checkpoint").write_text(genuine.later, "utf-8")
    tiles = tiles_of(genuine.leaves, len(genuine.leaves))
    for tile, data in tiles.items():
        (folder / "tile" / tile.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "tile" / tile.path).write_bytes(data)
    return f"{folder}/"


_SWAPS: dict[str, tuple[Callable[[Genuine], dict[str, bytes]], bool, str]] = {
    "another's head": (
        lambda g: {"head.checkpoint": sign("other.example/log\n9\n" + encoded(bytes(32)) + "\nwithheld 0\n",
                                           "other.example/log", Ed25519PrivateKey.generate()).encode()},
        True, "not signed by a known key",
    ),
    "the end as the head": (lambda g: {"head.checkpoint": g.files["end.checkpoint"]}, True, "hashes are too many"),
    "the begin as the end": (lambda g: {"end.checkpoint": g.files["begin.checkpoint"]}, True, "of other positions"),
    "a head that anybody swapped": (lambda g: {"head.checkpoint": g.later.encode()}, False, "head.checkpoint: altered"),
    "a later head": (lambda g: {"head.checkpoint": g.later.encode()}, True, "hashes are too few|goes? on|another"),
    "under broken": (lambda g: {"tree.json": _broken(g, "under")}, True, "begin: the tree before the first position"),
    "beyond broken": (lambda g: {"tree.json": _broken(g, "beyond")}, True, "head: the log does not go on"),
    "beyond cut": (lambda g: {"tree.json": _broken(g, "beyond", cut=True)}, True, "hashes are too few"),
    "counts of duty": (lambda g: {"duty.json": b"{}"}, False, "duty.json: altered"),
    "posts": (lambda g: {"posts.json": b"[]"}, False, "posts.json: altered"),
    "another's manifest": (lambda g: {"manifest.json": auditing.unpacked(g.other)["manifest.json"]}, False, "manifest"),
    "a manifest and its note of another": (
        lambda g: {n: auditing.unpacked(g.other)[n] for n in ("manifest.json", "manifest.note")}, False, "altered",
    ),
}  # fmt: skip


def _broken(genuine: Genuine, side: str, *, cut: bool = False) -> bytes:
    tree = json.loads(genuine.files["tree.json"])
    tree[side] = tree[side][1:] if cut else [encoded(bytes(32)), *tree[side][1:]]
    return json.dumps(tree).encode()


@pytest.mark.parametrize("swap", _SWAPS)
def test_whatever_is_done_to_the_rest_is_found(genuine: Genuine, swap: str) -> None:
    change, by_key, wanted = _SWAPS[swap]
    files = {**genuine.files, **change(genuine)}
    heard = _heard(genuine, signed_anew(genuine, files) if by_key else files, genuine.kept)
    assert _matches(wanted, heard), heard


def test_a_file_more_or_less_or_twice_is_found(genuine: Genuine) -> None:
    assert _heard(genuine, {**genuine.files, "more.txt": b"x"}, genuine.kept).startswith("files: ")
    for name in genuine.files:
        less = {other: data for other, data in genuine.files.items() if other != name}
        assert _heard(genuine, less, genuine.kept) != "holds", name
    written = io.BytesIO(genuine.data)
    with zipfile.ZipFile(written, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("duty.json", b"{}")
    with pytest.raises(ValueError, match="not there, or twice"):
        auditing.checked(written.getvalue(), genuine.keys, genuine.kept)


def test_without_a_key_that_is_known_or_a_head_nothing_holds(genuine: Genuine, tmp_path: Path) -> None:
    other = str(VerifierKey(genuine.manifest["log"], Ed25519PrivateKey.generate().public_key().public_bytes_raw()))
    with pytest.raises(ValueError, match="not signed by a known key"):
        auditing.checked(genuine.data, [other], [])
    (tmp_path / "e.zip").write_bytes(genuine.data)
    (tmp_path / "keys").write_text("\n".join(genuine.keys))
    with pytest.raises(SystemExit):
        _PROGRAM.main(str(tmp_path / "e.zip"), "--keys", str(tmp_path / "keys"))


@_TRIED
@given(chosen=st.data())
def test_any_byte_of_any_file_that_is_changed_is_found(genuine: Genuine, chosen: st.DataObject) -> None:
    name = chosen.draw(st.sampled_from(sorted(genuine.files)))
    data = bytearray(genuine.files[name])
    place, other = chosen.draw(st.integers(0, len(data) - 1)), chosen.draw(st.integers(1, 255))
    data[place] ^= other
    assert _heard(genuine, {**genuine.files, name: bytes(data)}, genuine.kept) != "holds"


@_TRIED
@given(chosen=st.data())
def test_any_byte_of_the_archive_that_is_changed_is_found_or_changes_nothing(
    genuine: Genuine, chosen: st.DataObject
) -> None:
    data = bytearray(genuine.data)
    place, other = chosen.draw(st.integers(0, len(data) - 1)), chosen.draw(st.integers(1, 255))
    data[place] ^= other
    try:
        auditing.checked(bytes(data), genuine.keys, genuine.kept)
    except _PROGRAM.FAULTS:
        return
    assert auditing.unpacked(bytes(data)) == genuine.files, "only what the archive says of its own form"


def test_the_program_says_so_in_its_own_words_and_writes_a_table(
    genuine: Genuine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "e.zip").write_bytes(genuine.data)
    (tmp_path / "keys").write_text("\n".join(genuine.keys))
    for number, head in enumerate(genuine.kept):
        (tmp_path / f"head{number}").write_text(head, "utf-8")
    words = [str(tmp_path / name) for name in ("e.zip", "keys", "head0", "head1", "looks.csv")]
    _PROGRAM.main(words[0], "--keys", words[1], "--head", *words[2:4], "--table", words[4])
    said = genuine.manifest
    assert capsys.readouterr().out.startswith(f"complete: positions {said['first']} to {said['last']}\n")
    lines = (tmp_path / "looks.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == said["last"] - said["first"] + 2
    assert _PROGRAM.safe("=1+1") == "'=1+1"
