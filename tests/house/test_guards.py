"""docs/guards.md names clauses and tests that exist, and leaves out no statement that decides and no belt."""

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, UniqueConstraint

from incentives import tables
from tests import removing
from tests.harness.servers import ROOT

_PAGE = (ROOT / "docs" / "guards.md").read_text("utf-8").splitlines()
_ROWS = removing.rows()
# A statement that writes what others may be writing too.
_DECIDES = re.compile(
    r"\b(budget|claim|deferral|stock|till_tries|offline_upload)\.update\(\)|on_conflict_do_\w+\(|\.enter\(claim\b"
)
# Writes into a row that its transaction has taken already.
_FOLLOWS = {"incentives/reversal.py:_unspent", "incentives/finishing.py:finish", "incentives/deferrals.py:end_over"}
_DECIDING = (
    "budgets",
    "claims",
    "deferrals",
    "finishing",
    "funding",
    "codes",
    "issuing",
    "redemption",
    "reversal",
    "stocks",
    "taking",
    "tries",
    "uploading",
)


def _source(path: Path, symbol: str) -> str:
    """What a name of a file's is, without its line breaks."""
    text = path.read_text("utf-8")
    for node in ast.parse(text).body:
        names = (
            {target.id for target in node.targets if isinstance(target, ast.Name)}
            if isinstance(node, ast.Assign)
            else set()
        )
        if symbol in names | {getattr(node, "name", None)}:
            return _flat(ast.get_source_segment(text, node) or "")
    raise AssertionError(f"{path} has no {symbol}")


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_every_line_of_the_table_is_read() -> None:
    assert len(_ROWS) == len([line for line in _PAGE if line.startswith("| ")]) - 1
    assert {row["kind"] for row in _ROWS} == {"WHERE", "COUNT", "CHECK", "UNIQUE", "RULE"}


@pytest.mark.parametrize("row", _ROWS, ids=[f"{row['where']} {row['guard']}" for row in _ROWS])
def test_a_guard_stands_where_the_page_says_and_so_does_its_test(row: dict[str, str]) -> None:
    path, _, symbol = row["where"].partition(":")
    assert _flat(row["clause"]) in _source(ROOT / path, symbol)
    path, _, symbol = row["test"].partition(":")
    assert f"def {symbol}(" in _source(ROOT / path, symbol)


@pytest.mark.parametrize("row", _ROWS, ids=[f"{row['where']} {row['guard']}" for row in _ROWS])
def test_a_guard_can_be_taken_away_and_leaves_a_file_that_is_one(row: dict[str, str]) -> None:
    """`python -m tests.removing` does so, and runs the test; it takes too long for every day."""
    removed = removing.without(row)
    if removed is not None:
        path, text = removed
        assert text != (ROOT / path).read_text("utf-8")
        ast.parse(text)


def test_no_statement_that_decides_is_left_out() -> None:
    listed = {row["where"] for row in _ROWS}
    for name in _DECIDING:
        path = ROOT / "incentives" / f"{name}.py"
        text = path.read_text("utf-8")
        for node in ast.parse(text).body:
            written = ast.get_source_segment(text, node) or ""
            if isinstance(node, ast.AsyncFunctionDef) and _DECIDES.search(written):
                assert f"incentives/{name}.py:{node.name}" in listed | _FOLLOWS, node.name


@pytest.mark.parametrize("name", ["budget", "claim", "deferral", "redemption", "reversal", "stock", "till_tries"])
def test_no_belt_is_left_out(name: str) -> None:
    table = getattr(tables, name)
    belts = {"CHECK": CheckConstraint, "UNIQUE": UniqueConstraint}
    mine = [row for row in _ROWS if row["where"] == f"incentives/tables.py:{name}"]
    for kind, constraint in belts.items():
        expected = sum(isinstance(one, constraint) for one in table.constraints) + (
            kind == "UNIQUE" and name == "reversal"
        )
        assert len([row for row in mine if row["kind"] == kind]) == expected, kind
