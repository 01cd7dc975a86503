"""Settings come from the environment or from files, and one that is wrong is named and its value is not."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from api import configured
from api.__main__ import main
from api.settings import NotConfigured

_PASSWORD = "s3cret-word"
_URL = f"postgresql+asyncpg://haihe:{_PASSWORD}@127.0.0.1/haihe"


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of settings, named in the environment."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv("HAIHE_SECRETS", str(folder))
    return folder


def test_a_setting_comes_from_a_file_and_the_others_from_the_environment(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (secrets / "haihe_database_url").write_text(f"{_URL}\n", "utf-8")
    (secrets / "HAIHE_PDF_PASSPHRASE").write_text(_PASSWORD, "utf-8")
    (secrets / "another_programs").write_text("x", "utf-8")
    monkeypatch.setenv("HAIHE_PORT", "8001")
    found = configured.read()
    assert (found.database, found.port, found.pdf_passphrase.get_secret_value()) == (_URL, 8001, _PASSWORD)


@pytest.mark.parametrize(
    ("environment", "files", "named"),
    [
        ({"HAIHE_DATABSE_URL": _URL}, {}, "HAIHE_DATABSE_URL"),
        ({}, {"haihe_databse_url": _URL}, "HAIHE_DATABSE_URL"),
        ({"HAIHE_DATABASE_URL": _URL}, {"haihe_database_url": _URL}, "HAIHE_DATABASE_URL"),
        ({"HAIHE_PORT": _PASSWORD}, {}, "HAIHE_PORT"),
        ({"HAIHE_GRACE": "301"}, {}, "HAIHE_GRACE"),
        ({"HAIHE_ISSUERS": f"[{_PASSWORD}"}, {}, "issuers"),
        ({"HAIHE_ISSUERS": f'[{{"issuer": "{_PASSWORD}"}}]'}, {}, "HAIHE_ISSUERS"),
        ({}, {"haihe_pool": "1"}, "HAIHE_POOL"),
    ],
)
def test_what_is_wrong_is_named_and_its_value_is_not(
    secrets: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: Mapping[str, str],
    files: Mapping[str, str],
    named: str,
) -> None:
    for name, value in files.items():
        (secrets / name).write_text(value, "utf-8")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(NotConfigured, match=named) as refused:
        configured.read()
    assert _PASSWORD not in str(refused.value)
    said = CliRunner().invoke(main, ("check",))
    assert (said.exit_code, said.output) == (1, f"Error: {refused.value}\n")


def test_files_that_cannot_be_read_are_named(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "haihe_database_url").write_bytes(b"\xff\xfe")
    with pytest.raises(NotConfigured, match="database_url"):
        configured.read()
    monkeypatch.setenv("HAIHE_SECRETS", str(secrets / "none"))
    with pytest.raises(NotConfigured, match="No such file"):
        configured.read()
