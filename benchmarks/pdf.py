"""`python -m benchmarks.pdf`: what a signed report costs beside the bare setting of its words, and what others feel.

Each report is another one: a compiler that sees the same words twice answers from its memory. Bare setting is typst
over the finished words; whole is what the printer does: layout, QR code, setting in another process, signing in a
thread. The lag is how late a loop was meanwhile that did nothing else.
"""

import asyncio
import multiprocessing
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import click
import orjson

from benchmarks import reports
from core import keys
from core.keys import Purpose
from credit.typeset import layout, setting, signing
from credit.typeset.setter import Setter

AT = datetime(2026, 11, 26, 2, tzinfo=UTC)
_SIZES = (2, 100, 500)
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


def _link(number: str) -> str:
    return f"https://credit.example/check#{number}.{_CODE}"


def _bare_of(records: int, number: int) -> float:
    page = layout.of(orjson.loads(snapshot(records, number)))
    return _bare(setting.inputs(page, code=_CODE, link=_link(page.number)))


async def _whole(setter: Setter, records: int, number: int, secret: bytes) -> tuple[float, int]:
    said = snapshot(records, number)
    began = time.perf_counter()
    page = layout.of(orjson.loads(said))
    made = await setter.pdf(page, code=_CODE, link=_link(page.number), at=AT)
    signed = await asyncio.to_thread(signing.signed, made, signing.of_ring(secret))
    return time.perf_counter() - began, len(signed)


async def _held_up(done: asyncio.Event) -> float:
    """The longest that the loop came late until the event."""
    worst = 0.0
    while not done.is_set():
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        worst = max(worst, time.perf_counter() - began - 0.001)
    return worst


async def _measured(records: int, rounds: int, secret: bytes) -> dict[str, float]:
    bare, whole, lags, size = [], [], [], 0
    setter = Setter()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=None) as beside:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(beside, _bare_of, 1, 0)  # both processes have started and read their fonts
        await _whole(setter, 1, 0, secret)
        for number in range(1, 2 * rounds, 2):
            bare.append(await loop.run_in_executor(beside, _bare_of, records, number))
            done = asyncio.Event()
            watching = asyncio.create_task(_held_up(done))
            took, size = await _whole(setter, records, number + 1, secret)
            done.set()
            lags.append(await watching)
            whole.append(took)
    setter.close()
    return {
        "bare_ms": round(statistics.median(bare) * 1000, 1),
        "whole_ms": round(statistics.median(whole) * 1000, 1),
        "whole_to_bare": round(statistics.median(w / b for w, b in zip(whole, bare, strict=True)), 2),
        "loop_held_up_ms": round(statistics.median(lags) * 1000, 1),
        "bytes": size,
    }


@click.command()
@click.option("--rounds", default=5, show_default=True)
def main(rounds: int) -> None:
    """Bare and whole in turn, for a report of 2, 100 and 500 records."""
    head = reports.begin()
    with tempfile.TemporaryDirectory() as folder:
        keys.create(Path(folder) / "keys.json")
        secret = keys.load(Path(folder) / "keys.json").active(Purpose.PDF).secret
    sizes = {f"{count} records": asyncio.run(_measured(count, rounds, secret)) for count in _SIZES}
    reports.write("pdf", head, {"rounds": rounds, "sizes": sizes})
    print(reports.table(sizes))


if __name__ == "__main__":
    main()
