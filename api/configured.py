"""What is set, from the environment and from files. A setting that is wrong is named, and its value is not: it may be
a password.

`HAIHE_SECRETS` is a folder with a file for each setting that is better not in the environment, where every child
process and every crash report has it: `haihe_database_url`, say. systemd (`LoadCredential=`) and containers make such
folders.
"""

import os
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import SettingsError

from api.settings import NotConfigured, Settings

SECRETS = "HAIHE_SECRETS"
_PREFIX = "haihe_"
# Those of the project's own tests are for their processes alone.
_ELSEWHERE = ("haihe_secrets", "haihe_test_")


def read() -> Settings:
    """The settings. Raises `NotConfigured` for what is none, what is set twice, and what cannot be read."""
    folder = os.environ.get(SECRETS)
    files = _files(Path(folder)) if folder else set()
    named = {name.lower() for name in os.environ if name.lower().startswith(_PREFIX)}
    unknown = [name for name in named | files if not _is_one(name)]
    if unknown:
        raise NotConfigured(f"no such setting: {', '.join(sorted(unknown)).upper()}")
    twice = named & files
    if twice:
        raise NotConfigured(f"in the environment and in {folder}: {', '.join(sorted(twice)).upper()}")
    try:
        return Settings(_secrets_dir=folder or None)  # type: ignore[call-arg]  # pydantic's own, not a field
    except ValidationError as error:
        wrong = sorted({f"HAIHE_{str(found['loc'][0]).upper()} ({found['msg']})" for found in error.errors()})
        raise NotConfigured(f"cannot be used: {', '.join(wrong)}") from None
    except SettingsError as error:  # it names the field alone
        raise NotConfigured(f"cannot be used: {error}") from None


def _files(folder: Path) -> set[str]:
    """The names of a folder's files that are for us."""
    try:
        return {found.name.lower() for found in folder.iterdir() if found.name.lower().startswith(_PREFIX)}
    except OSError as error:
        raise NotConfigured(f"{SECRETS}: {folder}: {error.strerror}") from None


def _is_one(name: str) -> bool:
    return name.removeprefix(_PREFIX) in Settings.model_fields or name.startswith(_ELSEWHERE)
