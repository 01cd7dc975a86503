"""`haihe remedy`: what an institution's letters say can be done about an answer."""

from pathlib import Path

import click

from api import clock
from api.house import House
from api.settings import NotConfigured, Settings
from api.starting import migrated
from core.errors import Invalid
from objections import remedies
from parties import directory


async def load(settings: Settings, path: Path, institution: str | None) -> None:
    """Load the sentence in a file as the next version and say which; raises `NotConfigured`."""
    said = path.read_text("utf-8")  # noqa: ASYNC240 (a command has nobody else to keep waiting)
    house = House(settings)
    try:
        await migrated(house)
        async with house.database.writing() as unit:
            party_id = institution or await directory.institution(unit)
            if party_id is None or await directory.find(unit, party_id) is None:
                raise NotConfigured("there is no such institution")
            version = await remedies.set_(unit, party_id, said, at=clock.now())
    except Invalid as refused:
        raise NotConfigured(f"{path}: one line of 1 to {remedies.LONGEST} printable characters") from refused
    finally:
        await house.database.close()
    click.echo("与现行版本一致，未作改动" if version is None else f"救济途径：第 {version} 版，自即时起使用")
