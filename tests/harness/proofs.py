"""What full-scale runs proved, kept in `docs/proofs.json`: per module its commit, tests, seconds and figures.

A module's entry is written when the whole of it ran at full scale, every test passed and none was skipped; one that
did not pass loses its entry. So a run may be of a part, and one failure does not cost an hour's other proofs;
`tests.harness.ages` says which modules have no entry, or one that is older than what it covers.
"""

import json
import platform
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
        self._not_passed: set[str] = set()
        self._commit, self._clean = ages.head(), ages.is_clean()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test."""
        name = report.nodeid.split("::")[0]
        module = self._modules.setdefault(name, {"tests": 0, "seconds": 0.0, _FIGURES: {}})
        module["seconds"] += report.duration
        module["tests"] += report.when == "setup"
        if not report.passed:
            self._not_passed.add(name)
        if report.when == "teardown":
            for key, found in report.user_properties:
                if key == _FIGURES:
                    assert isinstance(found, dict)
                    for figure, value in found.items():
                        module[_FIGURES][figure] = module[_FIGURES].get(figure, 0) + value

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        """Write what was proved, or say why nothing was."""
        if not self._full:
            return
        if self._is_cut() or exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            terminalreporter.write_line(f"{self._result.name} is not written: not every test of a module was asked for")
            return
        kept = json.loads(self._result.read_text("utf-8"))["modules"] if self._result.exists() else {}
        proved = {name: self._entry(module) for name, module in self._modules.items() if name not in self._not_passed}
        modules = {name: entry for name, entry in kept.items() if name not in self._not_passed} | proved
        whole = {"modules": dict(sorted(modules.items()))}
        self._result.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", "utf-8")
        without = ", ".join(sorted(self._not_passed))
        terminalreporter.write_line(
            f"{self._result.name} has {len(proved)} modules of this run" + (f", and not {without}" if without else "")
        )

    def _is_cut(self) -> bool:
        """Whether a module may have been run by half."""
        option = self._config.option
        narrowed = option.keyword or option.markexpr or getattr(option, "lf", False) or option.deselect
        return bool(narrowed or option.maxfail or any("::" in argument for argument in self._config.args))

    def _entry(self, module: dict[str, Any]) -> dict[str, Any]:
        return {
            "commit": self._commit,
            "clean": self._clean and ages.is_clean(),
            "date": datetime.now(UTC).date().isoformat(),
            "python": platform.python_version(),
            **module,
            "seconds": round(module["seconds"], 1),
        }
