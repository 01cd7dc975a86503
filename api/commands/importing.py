"""`haihe import`: a provider's files, one after another; and the empty ones to fill in."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from api import clock, merging
from api.collecting import quiet_collector
from api.house import House
from api.settings import Settings
from api.starting import migrated
from core.installation import Kind
from core.moments import day_of
from credit import catalogue
from intake import templates
from intake.errors import FileRefused
from intake.files import Form
from intake.findings import CHECKS
from intake.loading import Loader, Result
from intake.rejected import path_for

# A process of its own holds nobody up but who waits for one of these rows.
BATCH = 4_000
_LINES = 5


class Refused(RuntimeError):
    """At least one file was refused as a whole."""


async def load(settings: Settings, provider: str, paths: Sequence[Path]) -> None:
    """Load every file that is one; raises `Refused` at the end when any was not, and at once for a file together with
    its own rejected rows."""
    for path in paths:
        for returned in (path_for(path, form) for form in Form):
            if returned in paths:
                raise Refused(f"{returned.name} 是 {path.name} 的被拒行，请分开导入")
    house = House(settings)
    refused = []
    try:
        await migrated(house)
        kind = await house.kind()
        loader = await Loader.of(house.database, provider, invented=kind is Kind.DEMONSTRATION, beyond=merging.BEYOND)
        quiet_collector()
        async with house.keys.followed():
            for path in paths:
                try:
                    await _load(loader, path)
                except FileRefused as error:
                    refused.append(str(error))
    except FileRefused as error:
        raise Refused(str(error)) from None
    finally:
        await house.database.close()
    if refused:
        raise Refused("；".join(refused))


def write_templates(folder: Path) -> None:
    """Write an empty file of every layout, as CSV and as xlsx, and the list of codes, under the catalogue in force."""
    found = catalogue.in_force(day_of(clock.now()))
    if found is None:
        raise Refused("现在没有生效的目录")
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for name, data in templates.everything(found):
        (folder / name).write_bytes(data)
        names.append(name)
    click.echo(f"{folder}：{len(names)} 个文件（目录 {found.version}）")


async def _load(loader: Loader, path: Path) -> None:
    sheet = loader.inspect(path, at=clock.now())
    with click.progressbar(length=sheet.rows, label=path.name, file=sys.stderr) as bar:
        result = await loader.load(sheet, now=clock.now, progress=bar.update, batch=BATCH)
    click.echo(_told(path, result))


def _told(path: Path, result: Result) -> str:
    where = f"，见 {result.rejected_path}" if result.rejected_path else ""
    dropped = f"，未开通 {result.dropped}" if result.dropped else ""
    return (
        f"{path.name}（{result.sheet.layout.title}）：新增 {result.added}，更新 {result.changed}，"
        f"未变 {result.unchanged}，拒绝 {result.rejected}{dropped}{where}；"
        f"转人工复核 {result.set_aside}，提示 {result.warned}" + "".join(_found(result))
    )


def _found(result: Result) -> Iterator[str]:
    """A line for each check that found something: what, how often, and where first."""
    for code, check in CHECKS.items():
        if code in result.findings:
            lines = result.lines[code]
            where = "、".join(map(str, lines[:_LINES])) + ("…" if len(lines) > _LINES else "")
            yield f"\n  {code}：{check.general}，{result.findings[code]} 次，第 {where} 行"
