"""A year's log as one export, and what it costs to make it and to check it, in memory too."""

import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.harness import auditing, looked
from tests.harness.callers import Town
from tests.harness.scale import scaled
from tests.harness.sealing import checkpoint, seal
from tests.harness.stranger import DOCS

_LOOKS = scaled(2000, 200_000)
# Beyond what the process had before, and what the auditor's own may have in all.
_MOST_MIB = 64
_MEASURED = """
import runpy, sys
folder = sys.argv.pop(1)
sys.path.insert(0, folder)
runpy.run_path(folder + "/verify_audit.py", run_name="__main__")
# Its own peak: what getrusage says includes the process that it was forked from.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
"""


def _mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _checked(folder: Path, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """The auditor's own program, in a process of its own."""
    said = [sys.executable, "-c", _MEASURED, str(DOCS), *words]
    return subprocess.run(said, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_year_is_made_and_checked_in_bounded_memory(
    town: Town, tmp_path: Path, figures: dict[str, int]
) -> None:
    await looked.look(town.house, _LOOKS)
    await seal(town.house)
    made = await auditing.request(town, since="2025-01-01", until="2025-12-31")
    before, begun = _mib(), time.monotonic()
    await auditing.make_all(town)
    seconds, grown = time.monotonic() - begun, _mib() - before
    await auditing.let_leave(town)
    (tmp_path / "export.zip").write_bytes(
        (await town.http.get((await auditing.ticket(town, made["export"]["id"]))["path"])).content
    )
    note, _ = await checkpoint(town.house)
    (tmp_path / "keys").write_text("\n".join(auditing.keys(town)))
    (tmp_path / "head").write_text(note)
    words = ("export.zip", "--keys", "keys", "--head", "head", "--table", "looks.csv")
    begun = time.monotonic()
    told = await asyncio.to_thread(_checked, tmp_path, words)
    checking = time.monotonic() - begun
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("complete: positions 1 to")
    (node,) = await auditing.listed(town)
    figures.update(
        {
            "looks": _LOOKS,
            "seconds to make": round(seconds),
            "MiB more while it was made": grown,
            "seconds to check": round(checking),
            "MiB of the auditor's program in all": int(told.stderr) // 1024,
            "MiB of the file": (tmp_path / "export.zip").stat().st_size // 1024 // 1024,
        }
    )
    assert (tmp_path / "looks.csv").read_text("utf-8-sig").count("\n") == int(node["lastPosition"]) + 1
    assert node["looks"] > 0.8 * _LOOKS
    assert grown < _MOST_MIB
    assert int(told.stderr) // 1024 < _MOST_MIB
