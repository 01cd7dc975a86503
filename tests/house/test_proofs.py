"""The result files say what they were measured on, and are called old when that has changed."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import ages
from tests.harness.proofs import Recorder
from tests.harness.servers import ROOT


def _git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A small clone whose result is of its newest commit."""
    for name in ("core/a.py", "docs/a.md", "tests/test_a.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1\n")
    _git(tmp_path, "init", "-q")
    _commit(tmp_path)
    result = tmp_path / "docs" / "proofs.json"
    entry = {"commit": _git(tmp_path, "rev-parse", "HEAD"), "clean": True}
    result.write_text(json.dumps({"modules": {"tests/test_a.py": entry}}))
    _commit(tmp_path)
    return tmp_path


def _commit(folder: Path) -> None:
    _git(folder, "add", ".")
    _git(folder, "commit", "-q", "-m", "x")


def _age(folder: Path) -> str:
    return ages.age(folder / "docs" / "proofs.json", ages.PROOFS, folder)


def test_a_result_of_what_is_here_is_not_old(clone: Path) -> None:
    assert _age(clone) == ""
    assert ages.warnings(clone) == []
    (clone / "docs" / "a.md").write_text("2\n")
    _commit(clone)
    assert _age(clone) == ""


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize("name", ["core/a.py", "tests/test_a.py"])
def test_a_result_is_old_when_what_it_covers_has_changed(clone: Path, name: str, committed: bool) -> None:
    (clone / name).write_text("2\n")
    if committed:
        _commit(clone)
    assert f"changed 1 files: {name}" in _age(clone)
    assert "make prove" in ages.warnings(clone)[0]


def test_what_was_proved_in_a_browser_is_old_when_the_app_has_changed(clone: Path) -> None:
    for name in ("web/a.ts", "web/tests/a.test.ts", "tests/web/test_b.py"):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text("1\n")
    _commit(clone)
    commit = _git(clone, "rev-parse", "HEAD")
    modules = {f"tests/{name}.py": {"commit": commit} for name in ("test_a", "web/test_b")}
    (clone / "docs" / "proofs.json").write_text(json.dumps({"modules": modules}))
    (clone / "benchmarks" / "results").mkdir(parents=True)
    for name in ("web", "pdf"):
        (clone / "benchmarks" / "results" / f"{name}.json").write_text(json.dumps({"commit": commit}))
    (clone / "web" / "tests" / "a.test.ts").write_text("2\n")
    assert ages.warnings(clone) == []
    (clone / "web" / "a.ts").write_text("2\n")
    proofs, web = ages.warnings(clone)
    assert "docs/proofs.json" in proofs
    assert "benchmarks/results/web.json" in web
    assert "changed 1 files: web/a.ts (make bench-web)" in web


def test_a_result_is_made_by_what_is_named_for_it() -> None:
    targets = re.split(r"^(?=\S)", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)
    for path in (ROOT / "benchmarks" / "results").glob("*.json"):
        (target,) = [one for one in targets if one.startswith(ages.made_by(path.stem).removeprefix("make ") + ":")]
        module = "benchmarks" if path.stem == "home" else f"benchmarks.{path.stem}"
        assert re.search(rf"-m {module}( |$)", target, re.MULTILINE), path.stem


def test_a_module_without_a_proof_is_named(clone: Path) -> None:
    (clone / "tests" / "test_b.py").write_text("1\n")
    assert _age(clone) == "lacks 1 files: tests/test_b.py"


def test_a_shallow_clone_or_none_cannot_tell_and_says_so(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    shallow = tmp_path_factory.mktemp("shallow") / "clone"
    _git(clone, "clone", "-q", "--depth", "1", f"file://{clone}", str(shallow))
    assert "does not hold" in _age(shallow)
    (clone / "docs" / "proofs.json").unlink()
    assert _age(clone) == "is missing"


def test_ci_is_warned_and_never_failed() -> None:
    found = subprocess.run([sys.executable, "-m", "tests.harness.ages"], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0
    assert all(line.startswith("warning: ") for line in found.stdout.split("\n") if line)
    assert "tests.harness.ages" in (ROOT / ".ci" / "run").read_text("utf-8")


_PASSING = "def test_a(figures):\n    figures['rounds'] = 3\n\ndef test_b(figures):\n    figures['rounds'] = 4\n"
_WHOLE, _CUT = "has 1 modules of this run\n", "not every test of a module was asked for"
_NONE = "has 0 modules of this run, and not t/test_it.py"
# What is asked for, what is said, and whether the module has an entry then; it had one before.
_RUNS = {
    "whole": (_PASSING, [], _WHOLE, True),
    "named": (_PASSING, ["t/test_it.py"], _WHOLE, True),
    "narrowed": (_PASSING, ["-k", "test_a"], _CUT, True),
    "one of them": (_PASSING, ["t/test_it.py::test_a"], _CUT, True),
    "up to a failure": (_PASSING, ["-x"], _CUT, True),
    "failed": (_PASSING + "def test_c():\n    assert False\n", [], _NONE, False),
    "skipped": (_PASSING + "import pytest\ndef test_c():\n    pytest.skip()\n", [], _NONE, False),
}
_BEFORE = {"modules": {"t/test_it.py": {"commit": "before"}, "t/test_other.py": {"commit": "before"}}}
_CONFTEST = """
from pathlib import Path
from tests.harness.proofs import Recorder, figures
def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config, Path(__file__).with_name("proofs.json"), full=True))
"""


@pytest.mark.parametrize("case", _RUNS)
def test_only_a_module_that_passed_whole_has_an_entry(tmp_path: Path, case: str) -> None:
    text, arguments, said, has_entry = _RUNS[case]
    # Figures cross from a worker to the process that writes. Of the plugins on this machine it needs no other one.
    workers = ["-p", "xdist", "-n", "2"] if case == "whole" else []
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "test_it.py").write_text(text)
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = t\n")
    (tmp_path / "proofs.json").write_text(json.dumps(_BEFORE))
    command = [sys.executable, "-m", "pytest", "-q", *workers, *arguments]
    alone = {"PYTHONPATH": str(ROOT), "PATH": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)
    assert said in done.stdout, done.stdout + done.stderr
    modules = json.loads((tmp_path / "proofs.json").read_text())["modules"]
    assert modules["t/test_other.py"] == {"commit": "before"}
    assert ("t/test_it.py" in modules) == has_entry
    if said == _WHOLE:
        module = modules["t/test_it.py"]
        assert (module["tests"], module["figures"]) == (2, {"rounds": 7})
        assert module["commit"] != "before"


def test_nothing_is_written_at_a_small_scale(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    recorder = Recorder(pytestconfig, tmp_path / "proofs.json", full=False)
    recorder.pytest_terminal_summary(pytestconfig.pluginmanager.get_plugin("terminalreporter"), 0)
    assert not (tmp_path / "proofs.json").exists()
