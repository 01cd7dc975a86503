"""`python -m benchmarks.pdf`: what a signed report costs beside the bare setting of the same words, and what others feel.

Each report is another one: a compiler that sees the same words twice answers from its memory. Bare setting is typst
over the finished words; whole is what the printer does: layout, QR code, setting, signing. The lag is how late a loop
is that does nothing else, while the printer's thread works.
"""

import asyncio
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from benchmarks import reports
from core import keys
from core.keys import Purpose
from credit.typeset import layout, setting, signing

AT = datetime(2026, 11, 26, 2, tzinfo=UTC)
_SIZES = (2, 100, 1000)
_CODE = "ABCD-EFGH-JKMN-PQRS-TVWX"


def snapshot(records: int, number: int) -> str:
    """An invented company's report, unlike every other."""
    record = {
        "category": "ADMINISTRATIVE",
        "nature": "ADVERSE",
        "title": "行政处罚决定",
        "authority": "海津市市场监督管理局",
        "occurredOn": "2026-03-04",
        "dateLabel": "处罚决定日期",
        "publicityUntil": "2027-03-04",
        "repair": None,
        "source": "海津市市场监督管理局",
        "items": [{"code": "a", "label": "违法行为类型", "value": f"未按规定公示年度报告{number}", "masked": False}]
        * 5,
        "objections": [],
        "statement": None,
    }
    said = {
        "number": f"{number:04d}-9QX4-T3WB-CD5F",
        "kind": "FULL",
        "issuedAt": "2026-11-26T02:00:00Z",
        "validUntil": "2026-12-26T02:00:00Z",
        "demonstration": False,
        "period": {"from": None, "to": None},
        "subject": {
            "kind": "LEGAL_PERSON",
            "name": f"海津示例餐饮{number}有限公司",
            "identityType": "USCC",
            "identity": "91129900MA00000000",
        },
        "authority": None,
        "records": [{**record, "documentNumber": f"{number}之{index}号"} for index in range(records)],
    }
    return orjson.dumps(said).decode()


def _bare(inputs: dict[str, str]) -> float:
    began = time.perf_counter()
    setting.compiler().compile(format="pdf", sys_inputs=inputs, timestamp=int(AT.timestamp()))
    return time.perf_counter() - began


def _whole(said: str, secret: bytes) -> tuple[float, int]:
    began = time.perf_counter()
    page = layout.of(orjson.loads(said))
    made = setting.pdf(page, code=_CODE, link=f"https://credit.example/check#{page.number}.{_CODE}", at=AT)
    size = len(signing.signed(made, signing.of_ring(secret)))
    return time.perf_counter() - began, size


async def _lag(work: Any) -> float:
    """The longest that a loop was held up while the work ran in a thread."""
    worst = 0.0
    with ThreadPoolExecutor(1) as worker:
        done = asyncio.get_running_loop().run_in_executor(worker, work)
        while not done.done():
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - began - 0.001)
        await done
    return worst


def _measured(records: int, rounds: int, secret: bytes, first: int) -> dict[str, float]:
    bare, whole, lags, size = [], [], [], 0
    for number in range(first, first + 3 * rounds, 3):
        page = layout.of(orjson.loads(snapshot(records, number)))
        inputs = setting.inputs(page, code=_CODE, link=f"https://credit.example/check#{page.number}.{_CODE}")
        bare.append(_bare(inputs))
        took, size = _whole(snapshot(records, number + 1), secret)
        whole.append(took)
        lags.append(asyncio.run(_lag(lambda said=snapshot(records, number + 2): _whole(said, secret))))
    return {
        "bare_ms": round(statistics.median(bare) * 1000, 1),
        "whole_ms": round(statistics.median(whole) * 1000, 1),
        "whole_to_bare": round(statistics.median(w / b for w, b in zip(whole, bare, strict=True)), 2),
        "loop_held_up_ms": round(max(lags) * 1000, 1),
        "bytes": size,
    }


@click.command()
@click.option("--rounds", default=9, show_default=True)
def main(rounds: int) -> None:
    """Bare and whole in turn, for a report of 2, 100 and 1,000 records."""
    head = reports.begin()
    with tempfile.TemporaryDirectory() as folder:
        keys.create(Path(folder) / "keys.json")
        secret = keys.load(Path(folder) / "keys.json").active(Purpose.PDF).secret
    began = time.perf_counter()
    _whole(snapshot(1, 0), secret)  # fonts are read once for a process
    first_ms = round((time.perf_counter() - began) * 1000, 1)
    sizes = {f"{n} records": _measured(n, rounds, secret, 10_000 * (i + 1)) for i, n in enumerate(_SIZES)}
    reports.write("pdf", head, {"rounds": rounds, "first_ms": first_ms, "sizes": sizes})
    print(reports.table(sizes), f"the first of a process: {first_ms} ms", sep="\n")


if __name__ == "__main__":
    main()
