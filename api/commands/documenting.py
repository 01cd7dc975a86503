"""`haihe documents`: what clients' builds have registered, and what a change of the schema breaks of it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from api import clock
from api.house import House
from api.settings import NotConfigured, Settings
from api.starting import migrated
from core.errors import BadCall
from core.statements import Row
from parties import documents


async def register(settings: Settings, client: str, version: str, path: Path) -> None:
    """Store a manifest's documents for a client; raises `BadManifest`, and then stores none."""
    from schema import manifests

    texts = manifests.read(path.read_bytes())  # noqa: ASYNC240 (a command has nobody else to keep waiting)
    broken = {name: why for name, text in texts.items() if (why := _problem(text))}
    if broken:
        raise manifests.BadManifest("\n".join(f"{name}: {why}" for name, why in broken.items()))
    if not manifests.is_version(version):
        raise manifests.BadManifest(f"{version} is no version: letters, digits and ._+-, at most 64")
    house = await _opened(settings)
    try:
        async with house.database.writing() as unit:
            await documents.put(unit, client, version, texts, at=clock.now())
    finally:
        await house.close()
    click.echo(f"{client} {version}: {len(texts)}")


async def show(settings: Settings) -> None:
    """List clients and versions, each with how many live documents it has and when one was last asked for."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in await _live(settings):
        found.setdefault((row.client, row.version), []).append(row)
    for (client, version), rows in found.items():
        click.echo(f"{client} {version}: {len(rows)}, {max(row.used_on for row in rows)}")


async def check(settings: Settings, path: Path | None) -> None:
    """Say which stored documents this build, or the SDL in a file, would answer no more; raises `NotConfigured`."""
    problem = _problem if path is None else _against(path)
    versions: dict[tuple[str, str, str], list[str]] = {}
    for row in await _live(settings):
        versions.setdefault((row.client, row.name, row.text), []).append(row.version)
    broken = 0
    for (client, name, text), named in versions.items():
        why = problem(text)
        if why:
            broken += 1
            click.echo(f"{client} {','.join(named)} {name}: {text.split('{')[0].strip()}: {why}")
    if broken:
        raise NotConfigured(f"{broken} of {len(versions)} stored documents would be answered no more")
    click.echo(f"{len(versions)} stored documents, none broken")


def _problem(text: str) -> str:
    """Why nobody could ever run a document; empty when somebody can."""
    from schema.library import decided_stored

    try:
        decided_stored(text)
    except BadCall as refused:
        return f"{refused.code} {refused.params.get('reason') or refused.params.get('coordinates', '')}".strip()
    return ""


def _against(path: Path) -> Callable[[str], str]:
    from graphql import GraphQLError, build_schema, parse, validate

    try:
        schema = build_schema(path.read_text("utf-8"))
    except (GraphQLError, TypeError) as error:
        raise NotConfigured(f"{path} is no schema: {error}") from None

    def problem(text: str) -> str:
        return "; ".join(error.message for error in validate(schema, parse(text), max_errors=3))

    return problem


async def _live(settings: Settings) -> Sequence[Row]:
    house = await _opened(settings)
    try:
        async with house.database.reading() as unit:
            return await documents.live(unit)
    finally:
        await house.close()


async def _opened(settings: Settings) -> House:
    house = House(settings)
    try:
        await migrated(house)
    except NotConfigured:
        await house.close()
        raise
    return house
