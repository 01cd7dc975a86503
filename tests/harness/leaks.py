"""Searching the run's logs for what must never be in one."""

import csv
import re
from pathlib import Path

from tests.harness.city import Templates

_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])|9[123]1299\d{11}[0-9A-Z]")
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{10,}")


def leaks(templates: Templates) -> list[str]:
    """Each log line that holds an identity number, a citizen's name or a token."""
    names = _names(templates.folder / "files" / "HUB-subject.csv")
    found = []
    for path in sorted(templates.folder.glob("*.log")):
        for line in path.read_text("utf-8", "replace").splitlines():
            if _NUMBER.search(line) or _TOKEN.search(line) or any(name in line for name in names):
                found.append(f"{path.name}: {line[:300]}")
    return found


def _names(path: Path) -> set[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["主体名称"] for row in csv.DictReader(file) if len(row["主体名称"]) > 1}
