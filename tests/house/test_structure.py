"""The house as the design draws it: floors, fixed files, migrations that equal the metadata, words that exist."""

import importlib.metadata
import re
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from api.house import House
from api.migrating import is_current, migrate
from core.database import metadata
from tests.harness import city
from tests.harness.city import Templates
from tests.harness.servers import ROOT

_CONTEXTS = (
    "oversight/supervision",
    "incentives",
    "objections",
    "intake",
    "credit",
    "grants",
    "audit",
    "notices",
    "parties",
)
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_import_law_holds() -> None:
    """In a process of its own: the linter reconfigures logging."""
    linter = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run([str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_every_package_is_on_a_floor_and_in_the_wheel() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "migrations", "benchmarks"}
    floors = _PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    named = {name.strip() for floor in floors for name in floor.split("|")}
    assert packages == {name for name in named if not name.startswith("(")}
    assert packages == set(_PROJECT["tool"]["importlinter"]["root_packages"])
    assert packages | {"migrations", "web/dist"} == set(
        _PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    )


@pytest.mark.parametrize("context", _CONTEXTS)
def test_a_context_has_its_two_fixed_files(context: str) -> None:
    assert (ROOT / context / "tables.py").is_file()
    assert (ROOT / context / "errors.py").is_file()


@pytest.mark.parametrize("package", [*_CONTEXTS, "core", "schema", "api"])
def test_a_package_begins_with_one_sentence(package: str) -> None:
    text = (ROOT / package / "__init__.py").read_text("utf-8").strip()
    assert text.startswith('"""')
    assert text.endswith('"""')
    assert "import" not in text


def test_no_distribution_takes_our_name() -> None:
    names = {d.metadata["Name"].lower() for d in importlib.metadata.distributions()}
    assert "schema" not in names


async def test_migrations_equal_the_metadata(templates: Templates, backend: str) -> None:
    name = f"t_{uuid.uuid4().hex[:12]}"
    house = House(templates.settings(await city.empty(templates, backend, name)))
    try:
        assert not await is_current(house.database)
        await migrate(house.database)
        await migrate(house.database)
        assert await is_current(house.database)
        async with house.database.engine.connect() as connection:
            differences = await connection.run_sync(_compare)
        assert differences == []
    finally:
        await house.database.close()
        await city.drop(templates, backend, name)


def _compare(connection: Any) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def _rows(page: str) -> list[list[str]]:
    lines = (ROOT / "docs" / page).read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
    return [row for row in cells if not set("".join(row)) <= set("- ")][1:]


def test_the_glossary_names_what_exists() -> None:
    rows = _rows("glossary.md")
    assert len(rows) > 20
    for chinese, english, name in rows:
        assert chinese
        assert english
        path, _, symbol = name.strip("`").partition(":")
        assert re.search(rf"\b{re.escape(symbol)}\b", (ROOT / path).read_text("utf-8")), name


def test_every_rule_names_its_source_its_code_and_its_test() -> None:
    rows = _rows("articles.md")
    assert len(rows) > 20
    for rule, source, code, test in rows:
        assert rule
        assert re.match(r"(ARTICLE \d+|HIGHER_LAW .+|CHOICE .+)", source), source
        for place in (code, test):
            path, _, symbol = place.strip("`").partition(":")
            assert symbol in (ROOT / path).read_text("utf-8"), place


def test_every_article_stands_in_the_rules() -> None:
    text = (ROOT / "docs" / "articles.md").read_text("utf-8")
    for article in range(1, 16):
        assert re.search(rf"\bArt\. {article}\b", text), f"Art. {article}"


def test_every_refusal_code_has_a_sentence() -> None:
    from core.errors import Refused
    from schema.refusals import RefusalCode
    from schema.sentences import SENTENCES

    def below(kind: type[Refused]) -> set[str]:
        return {kind.code} | {code for child in kind.__subclasses__() for code in below(child)}

    codes = below(Refused) - {"REFUSED"}
    assert codes <= set(SENTENCES)
    assert {code.value for code in RefusalCode} <= codes


def test_no_file_is_two_nouns() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in ROOT.glob("**/*.py")
        if ".venv" not in path.parts and "migrations" not in path.parts
        for lines in [len(path.read_text("utf-8").splitlines())]
        if lines > 400
    }
    assert long == {}


def test_screens_never_say_what_the_law_does_not() -> None:
    """黑名单, 扣分, 信用不良 stand on no screen (design §9)."""
    words = ("黑名单", "扣分", "信用不良")
    for path in [*ROOT.glob("*/*.py"), *ROOT.glob("*/*/*.py"), *ROOT.glob("credit/*.csv")]:
        if ".venv" not in path.parts and "tests" not in path.parts:
            assert not any(word in path.read_text("utf-8") for word in words), path
