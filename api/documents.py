"""Our own clients' documents: the app's, which its build lists, and those of other builds in `HAIHE_DOCUMENTS`.

A folder of that setting is a client id, and each file in it a manifest by the name of its version:
`haihe-android/1.4.0.json`. All of them are verified and decided before the service starts. On a real database it does
not start with one that is wrong; a demonstration says so and goes on without it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from api import bundle, personas
from api.appconfig import AppConfig
from api.duties import Duty
from api.settings import NotConfigured, Settings
from core.database import Database
from core.errors import BadCall
from core.moments import day_of
from parties import documents
from schema import manifests
from schema.library import Library
from schema.manifests import BadManifest

MANIFEST = "operations.json"
_log = structlog.get_logger("haihe.documents")
_WRITE_SECONDS = 60.0


@dataclass(frozen=True)
class Own:
    """One version of one of our own clients, the ids it comes under, and its documents by name."""

    client: str
    version: str
    ids: frozenset[str]
    texts: Mapping[str, str]


def own(settings: Settings, config: AppConfig | None) -> Iterator[Own]:
    """Every manifest there is; raises `BadManifest`."""
    app = (settings.bundle or bundle.folder()) / MANIFEST
    if config is not None and app.is_file():
        raw = app.read_bytes()
        ids = {persona.client for persona in personas.PERSONAS.values()} if config.demonstration else set()
        version = hashlib.sha256(raw).hexdigest()[:12]
        yield _own(app, raw, config.client_id, version, frozenset({config.client_id, *ids}))
    if settings.documents is not None:
        if not settings.documents.is_dir():
            raise BadManifest(f"HAIHE_DOCUMENTS: {settings.documents} is no folder")
        for path in sorted(settings.documents.glob("*/*.json")):
            client = path.parent.name
            yield _own(path, path.read_bytes(), client, path.stem, frozenset({client}))


def library_of(
    settings: Settings, config: AppConfig | None, *, is_demonstration: bool
) -> tuple[Library, Sequence[Own]]:
    """The documents that may be asked for from the start; raises `NotConfigured`."""
    library, taken = Library(demonstration=is_demonstration), []
    try:
        for one in own(settings, config):
            library.adopt(one.client, one.ids, one.texts)
            taken.append(one)
    except (BadManifest, BadCall) as error:
        why = str(error) if isinstance(error, BadManifest) else f"{error.params['document']}: {error.code}"
        if not is_demonstration:
            raise NotConfigured(f"stored documents: {why}") from None
        _log.error("documents_refused", why=why)
    return library, taken


async def remember(database: Database, taken: Sequence[Own], at: datetime) -> None:
    """Keep each version's documents for those who will still run it when the next one has come."""
    for one in taken:
        async with database.reading() as unit:
            known = await documents.is_registered(unit, one.client, one.version, len(one.texts))
        if not known:
            async with database.writing() as unit:
                await documents.put(unit, one.client, one.version, one.texts, at=at)


def using(database: Database, library: Library) -> Duty:
    """Write down, once a day each, which documents were asked for."""
    written: set[tuple[str, str]] = set()
    day = None

    async def run_once(at: datetime) -> float:
        nonlocal day
        today = day_of(at)
        if today != day:
            written.clear()
            library.forget()
            day = today
        found = library.used() - written
        if found:
            async with database.writing() as unit:
                await documents.use(unit, found, on=today)
            written.update(found)
        return _WRITE_SECONDS

    return Duty("documents.use", run_once, leader_only=False)


def _own(path: Path, raw: bytes, client: str, version: str, ids: frozenset[str]) -> Own:
    try:
        if not manifests.is_version(version):
            raise BadManifest(f"{version} is no version")
        return Own(client, version, ids, manifests.read(raw))
    except BadManifest as error:
        raise BadManifest(f"{path}: {error}") from None
