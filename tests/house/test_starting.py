"""What a command loads before it does anything: its own part of the house, never the API's schema."""

import asyncio
import json
import subprocess
import sys
import uuid

from tests.harness import city
from tests.harness.city import Templates
from tests.harness.servers import ROOT

_NEVER = {"graphql", "strawberry", "schema", "starlette", "uvicorn", "redis", "fakeredis", "pyhanko", "typst"}
# These carry the service itself.
_SERVING = {"serving", "working"}

# One process for all of it: what a bare `haihe` loads, then two commands that open a database, then every module.
_PROCESS = """
import importlib, json, sys
from api.__main__ import main
bare = sorted(sys.modules)
for arguments in (["token", "citizen-1"], ["check"]):
    main(arguments, standalone_mode=False)
for name in sys.argv[1:]:
    importlib.import_module(f"api.commands.{name}")
print(json.dumps({"bare": bare, "all": sorted(sys.modules)}))
"""


def test_no_command_but_those_that_serve_waits_for_the_schema(templates: Templates) -> None:
    commands = {path.stem for path in (ROOT / "api" / "commands").glob("[a-z]*.py")}
    assert commands > _SERVING
    settings = templates.settings(asyncio.run(city.copy(templates, "sqlite", f"t_{uuid.uuid4().hex[:12]}")))
    given = {"DATA": settings.data, "DATABASE_URL": settings.database_url, "KEYS": settings.key_file}
    found = subprocess.run(
        [sys.executable, "-c", _PROCESS, *sorted(commands - _SERVING)],
        cwd=ROOT,
        env={f"HAIHE_{name}": str(value) for name, value in given.items()},
        capture_output=True,
        text=True,
        check=True,
    )
    token, ready, modules = found.stdout.splitlines()
    assert token.count(".") == 2
    assert ready == "ready: sqlite, demonstration"
    loaded = json.loads(modules)
    assert _NEVER & set(loaded["all"]) == set()
    assert {"sqlalchemy", "alembic", *commands} & {
        name.removeprefix("api.commands.") for name in loaded["bare"]
    } == set()
