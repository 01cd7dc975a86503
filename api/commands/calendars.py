"""`haihe calendar import`: an official notice of a year's holidays."""

from pathlib import Path

import click

from api import clock
from api.house import House
from api.settings import Settings
from api.starting import migrated
from core import calendar, holiday_notice
from objections import recounting


async def load(settings: Settings, path: Path) -> None:
    """Load a notice, count the dates of open objections again, and say what changed; raises `NoticeRefused`, and then
    changes nothing."""
    notice = holiday_notice.read(path.read_bytes())  # noqa: ASYNC240 (a command has nobody else to keep waiting)
    house = House(settings)
    try:
        await migrated(house)
        async with house.database.writing() as unit:
            loaded = await calendar.load(unit, notice)
            moved = await recounting.recount(unit, at=clock.now()) if loaded.changed else 0
    finally:
        await house.database.close()
    told = f"更新 {loaded.changed} 天，日历版本 {loaded.version}" if loaded.changed else "与日历一致，未作改动"
    if moved:
        told += f"；{moved} 件异议申请的办理截止日随之变更，已告知双方"
    click.echo(f"{loaded.year} 年放假通知：{told}")
