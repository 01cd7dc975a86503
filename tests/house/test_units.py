"""The systemd units and the compose file are what their own tools accept; every setting in them exists."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from api.settings import Settings
from tests.harness.servers import ROOT

_UNITS = sorted((ROOT / "docs" / "operations" / "systemd").glob("*.service"))
_COMPOSE = ROOT / "docs" / "operations" / "compose.yaml"
_SYSTEM = Path("/usr/lib/systemd/system")
_MOST_EXPOSED = 1.5  # of 10, as `systemd-analyze security` counts
_SETTING = re.compile(r"\b(HAIHE_[A-Z_]+)=|:?\b(haihe_[a-z_]+):")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine's files, with the units and the program that they start."""
    program = tmp_path / "opt/haihe/.venv/bin/haihe"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", "ascii")
    program.chmod(0o755)
    units = tmp_path / "etc/systemd/system"
    units.mkdir(parents=True)
    shutil.copytree(_SYSTEM, tmp_path / "usr/lib/systemd/system", symlinks=True)
    for unit in _UNITS:
        shutil.copy(unit, units)
    return tmp_path


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
@pytest.mark.parametrize("unit", _UNITS, ids=lambda unit: unit.name)
def test_systemd_accepts_each_unit(root: Path, unit: Path) -> None:
    name = unit.name.replace("@", "@8001")
    for check in (("verify",), ("security", "--offline=true", f"--threshold={_MOST_EXPOSED * 10:.0f}")):
        command = ["systemd-analyze", *check, f"--root={root}", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), (command, done.stdout[-300:])


@pytest.mark.parametrize("unit", _UNITS, ids=lambda unit: unit.name)
def test_every_setting_of_a_unit_exists(unit: Path) -> None:
    found = {(one or two).lower() for one, two in _SETTING.findall(unit.read_text("utf-8"))}
    assert found - {"haihe_secrets"} <= {f"haihe_{name}" for name in Settings.model_fields}
    assert {"haihe_secrets", "haihe_database_url", "haihe_keys"} <= found


@pytest.fixture
def composed(tmp_path: Path) -> Path:
    """The compose file with the files beside it that it asks for."""
    if shutil.which("docker-compose") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("docker-compose is missing")
        pytest.skip("docker-compose is not on this machine")
    (tmp_path / "environment").touch()
    return Path(shutil.copy(_COMPOSE, tmp_path))


def test_compose_accepts_its_file(composed: Path) -> None:
    done = subprocess.run(
        ["docker-compose", "-f", composed.name, "config"],
        cwd=composed.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    ours = {name: service for name, service in services.items() if service["image"] == "haihe"}
    assert set(ours) == {"keys", "migrate", "serve-1", "serve-2", "work"}
    for service in ours.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"]
    published = [port for service in services.values() for port in service.get("ports", ())]
    assert sorted(published) == ["127.0.0.1:8001:8000/tcp", "127.0.0.1:8002:8000/tcp"]


def test_every_setting_of_the_image_and_the_compose_file_exists() -> None:
    texts = [path.read_text("utf-8") for path in (_COMPOSE, _COMPOSE.with_name("Dockerfile"))]
    found = {name.lower() for text in texts for name in re.findall(r"HAIHE_[A-Z_]+|haihe_[a-z]+_url", text)}
    assert found - {"haihe_secrets"} <= {f"haihe_{name}" for name in Settings.model_fields}
