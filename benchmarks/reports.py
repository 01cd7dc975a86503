"""Result files: the figures, and the commit, day, Python and cores they were measured with."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from benchmarks.ground import HERE
from tests.harness import ages


def median(found: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of each figure, the median over the rounds."""
    return {
        "requests_per_second": round(statistics.median(f["per_second"] for f in found), 1),
        "p50_ms": round(statistics.median(f["p50_ms"] for f in found), 2),
        "p99_ms": round(statistics.median(f["p99_ms"] for f in found), 2),
        "server_cpu_us": round(statistics.median(f["cpu_us"] for f in found), 1),
    }


def ratio(found: Sequence[dict[str, float]], other: Sequence[dict[str, float]], of: str = "per_second") -> float:
    """The median of the rounds' own ratios: the halves of a round ran one after the other, equally fast."""
    return round(statistics.median(one[of] / two[of] for one, two in zip(found, other, strict=True)), 3)


def begin() -> dict[str, Any]:
    """Taken before the first figure: what is measured is what stands there now."""
    return {
        "commit": ages.head(),
        "clean": ages.is_clean(),
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }


def write(name: str, head: dict[str, Any], figures: dict[str, Any]) -> None:
    """`results/NAME.json`."""
    out = HERE / "results" / f"{name}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({**head, **figures}, indent=2, ensure_ascii=False) + "\n", "utf-8")


def table(rows: dict[str, dict[str, float]]) -> str:
    """The rows under the names of their figures."""
    columns = list(next(iter(rows.values())))
    lines = [" ".join([f"{'':24}", *(f"{column:>20}" for column in columns)])]
    lines += [
        " ".join([f"{name:24}", *(f"{figures.get(column, ''):>20}" for column in columns)])
        for name, figures in rows.items()
    ]
    return "\n".join(lines)
