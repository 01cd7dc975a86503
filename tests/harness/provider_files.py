"""Files as providers send them: rows spelled out only where it matters, written in any encoding, loaded."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from api import merging
from api.demo import people
from api.house import House
from core.moments import day_of
from intake import layouts
from intake.layouts import Layout
from intake.loading import BATCH, Loader, Result
from tests.harness.city import SEED

AT = datetime.now(UTC)
TODAY = day_of(AT)
COMPANY = "海津示例餐饮管理有限公司"


def someone(index: int = 20) -> people.Someone:
    return people.citizen(index, SEED, TODAY)


def penalty(number: str = "海津罚〔2026〕1号", **changed: str) -> dict[str, str]:
    who = someone()
    return {
        layouts.NAME: who.name,
        layouts.KIND: "自然人",
        layouts.IDENTITY_TYPE: "身份证",
        layouts.IDENTITY_NUMBER: who.number,
        "行政处罚决定书文号": number,
        "违法行为类型": "示例",
        "违法事实": f"与{people.citizen(30, SEED, TODAY).number}同行",
        "处罚类别": "罚款",
        "处罚内容": "罚款2000元",
        "罚款金额（万元）": "0.2000",
        "处罚决定日期": "2026/01/05",
        "公示截止期": "2027-01-05",
        "处罚机关": "海津市市场监督管理委员会",
        **changed,
    }


def write(path: Path, layout: Layout, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(layout.headers)
        writer.writerows([[row.get(header, "") for header in layout.headers] for row in rows])
    return path


async def load(
    house: House, path: Path, provider: str = "SCJG", *, now: Callable[[], datetime] = lambda: AT, batch: int = BATCH
) -> Result:
    loader = await Loader.of(house.database, provider, invented=True, beyond=merging.BEYOND)
    return await loader.load(loader.inspect(path, at=AT), now=now, progress=lambda _: None, batch=batch)


def counts(result: Result) -> tuple[int, int, int, int]:
    return result.added, result.changed, result.unchanged, result.rejected
