"""Takes each guard of docs/guards.md away, in a copy of the house, and sees its test fail.

`python -m tests.removing [WORD …]`: with words, only rows that have one of them. A condition of a statement becomes
true, an `if` never comes to pass; what else a guard is without itself, and where a belt of the database stands, is in
`guards.yaml`. A test that does not fail is a guard that nobody would miss, and one that does not even begin is a
mistake of ours: both are said, and end it with 1.
"""

import ast
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.harness.servers import ROOT

LINE = re.compile(
    r"\| (?P<guard>.+?) \| (?P<kind>[A-Z]+) \| `(?P<where>[^`]+)` \| `(?P<clause>[^`]+)` \| `(?P<test>[^`]+)` \|"
)
_BELTS = {"CHECK", "UNIQUE"}
_TRUE = '__import__("sqlalchemy").true()'
_OTHERWISE: Mapping[str, Mapping[str, str]] = yaml.safe_load((ROOT / "tests" / "guards.yaml").read_text("utf-8"))


def rows() -> list[dict[str, str]]:
    """The table of docs/guards.md."""
    page = (ROOT / "docs" / "guards.md").read_text("utf-8").splitlines()
    return [found.groupdict() for line in page if (found := LINE.fullmatch(line))]


def without(row: Mapping[str, str]) -> tuple[str, str] | None:
    """A file, and its text without the guard; None for a belt that `guards.yaml` does not find. Raises `ValueError`."""
    said = _OTHERWISE.get(f"{row['where']} {row['guard']}", {})
    if row["kind"] in _BELTS and not said:
        return None
    path, _, symbol = said.get("in", row["where"]).partition(":")
    clause = said.get("clause", row["clause"])
    text = (ROOT / path).read_text("utf-8")
    start, end = _span(text, symbol) if symbol else (0, len(text))
    wanted = re.compile(r"\s+".join(map(re.escape, clause.split())))
    bare, many = wanted.subn(lambda _: said.get("becomes", _bare(clause)), text[start:end])
    if not many:
        raise ValueError(f"{clause} is not in {path}:{symbol}")
    return path, text[:start] + bare + text[end:]


def _bare(clause: str) -> str:
    if clause.startswith(("if ", "elif ")):
        return f"{clause.split()[0]} False:"
    return "" if clause.startswith(".") else _TRUE


def _span(text: str, symbol: str) -> tuple[int, int]:
    lines = text.splitlines(keepends=True)
    for node in ast.parse(text).body:
        names = {getattr(target, "id", None) for target in getattr(node, "targets", ())}
        if symbol in names | {getattr(node, "name", None)}:
            return sum(map(len, lines[: node.lineno - 1])), sum(map(len, lines[: node.end_lineno]))
    raise ValueError(f"there is no {symbol}")


def _is_missed(copy: Path, row: Mapping[str, str], removed: tuple[str, str]) -> str:
    """What becomes of the guard's test without it: NOTICED, NOT NOTICED, or BROKEN."""
    path, text = removed
    was = (copy / path).read_text("utf-8")
    (copy / path).write_text(text, "utf-8")
    file, _, test = row["test"].partition(":")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", file, "-k", test]
    try:
        given = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, cwd=copy, env=given, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        return "NOTICED"  # whoever waits for ever has noticed
    finally:
        (copy / path).write_text(was, "utf-8")
    if done.returncode == 0:
        return "NOT NOTICED"
    return "NOTICED" if re.search(r"^FAILED ", done.stdout, re.MULTILINE) else f"BROKEN\n{done.stdout[-2000:]}"


def main(words: list[str]) -> int:
    """How many guards are missed by nobody, 1 at most."""
    wanted = [row for row in rows() if not words or any(word in str(row) for word in words)]
    ends = set()
    with tempfile.TemporaryDirectory(prefix="haihe-guards-") as folder:
        copy = Path(folder)
        kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(
            ["tar", "-c", "--null", "-T", "-", "-f", str(copy / "all.tar")], cwd=ROOT, input=kept, check=True
        )
        subprocess.run(["tar", "-xf", "all.tar"], cwd=copy, check=True)
        for row in wanted:
            removed = without(row)
            said = "NOT TRIED" if removed is None else _is_missed(copy, row, removed)
            ends.add(said)
            print(f"{said}: {row['where']} {row['guard']}", flush=True)  # noqa: T201
    return int(bool(ends - {"NOTICED", "NOT TRIED"}))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
