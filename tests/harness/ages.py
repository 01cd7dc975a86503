"""`python -m tests.harness.ages`: which checked-in results are older than what they cover. It warns and never fails.

A result says its commit; what changed since then under the folders it covers makes it old. A clone too shallow to
hold that commit cannot tell, and says so.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.harness.servers import ROOT

_HOUSE = ("api", "schema", "oversight", "incentives", "objections", "intake", "credit", "grants", "audit", "notices")
PRODUCT = (*_HOUSE, "parties", "core", "migrations", "pyproject.toml", "uv.lock")
PROOFS, BENCH = (*PRODUCT, "tests"), (*PRODUCT, "benchmarks/*.py", "benchmarks/*.graphql", "benchmarks/*.lua")
# What a browser is driven for is of the app, too.
_APP, _DRIVEN = "web", "tests/web/"
# The results that `make bench` makes; every other one has a target of its own name.
_TOGETHER = frozenset({"home", "budget", "embedded", "processes", "servers"})
# Written by the runs themselves, or by nobody who could change a figure.
_NOT_COVERED = (":(exclude,glob)**/*.md", ":(exclude)benchmarks/results", ":(exclude)web/tests")
_NAMED = 3


def warnings(root: Path = ROOT) -> list[str]:
    """One line for each result that is missing, old, or cannot be judged here."""
    wanted = [(root / "docs" / "proofs.json", "make prove", PROOFS)]
    results = sorted((root / "benchmarks" / "results").glob("*.json"))
    wanted += [(path, made_by(path.stem), (*BENCH, _APP) if path.stem == _APP else BENCH) for path in results]
    found = [(path, again, age(path, covered, root)) for path, again, covered in wanted]
    return [f"warning: {path.relative_to(root)} {why} ({again})" for path, again, why in found if why]


def made_by(name: str) -> str:
    """What makes a result of benchmarks anew."""
    return "make bench" if name in _TOGETHER else f"make bench-{name}"


def age(result: Path, covered: Sequence[str], root: Path = ROOT) -> str:
    """Why a result no longer speaks for what is here; empty when it does."""
    if not result.exists():
        return "is missing"
    said = json.loads(result.read_text("utf-8"))
    missing = _unproved(said["modules"], root) if "modules" in said else []
    if missing:
        return f"lacks {_some(missing)}"
    parts: Mapping[str, Any] = said.get("modules", {"": said})
    if any(part.get("clean") is False for part in parts.values()):
        return "was measured with uncommitted changes"
    for commit, app in sorted({(str(part.get("commit")), name.startswith(_DRIVEN)) for name, part in parts.items()}):
        also = (_APP,) if app else ()
        changed = _git(root, "diff", "--name-only", commit, "--", *covered, *also, *_NOT_COVERED)
        if changed is None:
            return f"names commit {commit[:12]}, which this clone does not hold"
        files = changed.split()
        if files:
            return f"is older than what it covers: since {commit[:12]} changed {_some(files)}"
    return ""


def _unproved(modules: Mapping[str, object], root: Path) -> list[str]:
    """Test modules that have no entry."""
    here = {path.relative_to(root).as_posix() for path in (root / "tests").rglob("test_*.py")}
    return sorted(here - set(modules))


def _some(names: Sequence[str]) -> str:
    more = ", …" if len(names) > _NAMED else ""
    return f"{len(names)} files: {', '.join(names[:_NAMED])}{more}"


def head(root: Path = ROOT) -> str:
    """The commit that is checked out; empty outside a clone."""
    return (_git(root, "rev-parse", "HEAD") or "").strip()


def is_clean(root: Path = ROOT) -> bool:
    """Whether everything covered is committed."""
    return _git(root, "status", "--porcelain", "--", *PROOFS, *BENCH, _APP, *_NOT_COVERED) == ""


def _git(root: Path, *arguments: str) -> str | None:
    """What git says; None when there is no git, no clone or no such commit."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


if __name__ == "__main__":
    print(*warnings(), sep="\n")  # noqa: T201
