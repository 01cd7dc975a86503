"""What a full-scale run proved, written to `docs/proofs.json`: per module its tests and seconds, and its figures.

The file is written only by a whole run at full scale in which every test passed and none was skipped.
"""

import json
import platform
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.harness import ages
from tests.harness.scale import FULL

RESULT = Path(__file__).resolve().parent.parent.parent / "docs" / "proofs.json"
_FIGURES = "figures"


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[dict[str, int]]:
    """What a proof counts, by name: `figures["documents"] = n`. Counts of one module are added up."""
    found: dict[str, int] = {}
    yield found
    # The report of the teardown carries it to the process that writes, whichever process ran the test.
    request.node.user_properties.append((_FIGURES, found))


class Recorder:
    """Gathers reports in the process that hands out the work."""

    def __init__(self, config: pytest.Config, result: Path = RESULT, *, full: bool = FULL) -> None:
        self._config = config
        self._result = result
        self._full = full
        self._modules: dict[str, dict[str, Any]] = {}
        self._skipped = 0
        self._begun = time.monotonic()
        self._commit, self._clean = ages.head(), ages.is_clean()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test."""
        name = report.nodeid.split("::")[0]
        module = self._modules.setdefault(name, {"tests": 0, "passed": 0, "seconds": 0.0, _FIGURES: {}})
        module["seconds"] += report.duration
        module["tests"] += report.when == "setup"
        module["passed"] += report.when == "call" and report.passed
        self._skipped += report.skipped
        if report.when == "teardown":
            for key, found in report.user_properties:
                if key == _FIGURES:
                    assert isinstance(found, dict)
                    for figure, value in found.items():
                        module[_FIGURES][figure] = module[_FIGURES].get(figure, 0) + value

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        """Write the file, or say why not."""
        if not self._full:
            return
        missing = self._missing(exitstatus)
        if missing:
            terminalreporter.write_line(f"{self._result.name} is not written: {missing}")
            return
        self._result.write_text(json.dumps(self._report(), indent=2, ensure_ascii=False) + "\n", "utf-8")
        terminalreporter.write_line(f"{self._result.name} is written")

    def _missing(self, exitstatus: int) -> str:
        """Why this run proves less than everything; empty when it does not."""
        option = self._config.option
        narrowed = option.keyword or option.markexpr or getattr(option, "lf", False) or option.deselect
        if narrowed or self._config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
            return "not every test was asked for"
        if exitstatus != pytest.ExitCode.OK:
            return "not every test passed"
        return f"{self._skipped} tests were skipped" if self._skipped else ""

    def _report(self) -> dict[str, Any]:
        modules = {
            name: {**module, "seconds": round(module["seconds"], 1)} for name, module in sorted(self._modules.items())
        }
        return {
            "commit": self._commit,
            "clean": self._clean and ages.is_clean(),
            "date": datetime.now(UTC).date().isoformat(),
            "python": platform.python_version(),
            "tests": sum(module["tests"] for module in modules.values()),
            "minutes": round((time.monotonic() - self._begun) / 60, 1),
            "modules": modules,
        }
