"""`make bench-timing`: whether the time of an answer tells absent from another's, forbidden or used (design §3).

For each pair of twins thousands of interleaved requests over loopback; a classifier learns the best threshold on one
half of the times and is judged on the other. An AUC of 0.5 is a coin; the promise is at most 0.53.
"""

import asyncio
import json
import os
import platform
import random
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from api import logs
from api.app import create_app
from api.house import House
from api.settings import Settings
from core.installation import Kind
from incentives.redemption import SHOWN_AGAIN
from incentives.tables import redemption
from tests.harness import ages, city, postgres
from tests.harness.callers import Town
from tests.harness.city import TEMPLATE, Templates
from tests.harness.postgres import Cluster
from tests.harness.servers import Server

_HERE = Path(__file__).parent
_PROMISED = 0.53
_RESAMPLES = 1000
_GUESSING = "incentives.tries:MOST_WRONG=1000000000"  # a till that shows wrong codes all the time
_QUIET = 0.5  # load average of the last minute, for each core, above which figures are called noisy
_OWN_RECORD = "query($v: ID!) { me { record(id: $v) { title objections { filedAt } } } }"
_OWN_GRANT = "query($v: ID!) { me { grant(id: $v) { status } } }"
_GRANTED = "query($v: GrantedQueryInput!) { granted(query: $v) { subject { name } } }"
_PUBLISHED = "query($v: PublishedQueryInput!) { published(query: $v) { name } }"
_CHECK = (
    "mutation($v: ClaimCheckInput!) { claimCheck(input: $v) { __typename ... on Refusal { code message } "
    "... on ClaimCheckPayload { offerTitle } } }"
)


@dataclass(frozen=True)
class Twins:
    """Two requests whose answers are the same bytes."""

    name: str
    persona: str | None
    document: str
    one: Any
    other: Any


class _Client:
    """One kept connection, as bare as it can be: what is timed is the server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"

    def time(self, body: bytes, token: str | None) -> tuple[int, bytes]:
        """Nanoseconds from the last byte sent to the last byte received, and the answer's body."""
        bearer = f"Authorization: Bearer {token}\r\n" if token else ""
        sent = f"{self._head}{bearer}Content-Length: {len(body)}\r\n\r\n".encode() + body
        begun = time.perf_counter_ns()
        self._socket.sendall(sent)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, found = received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(found) < length:
            found += self._more()
        return time.perf_counter_ns() - begun, found

    def _more(self) -> bytes:
        piece = self._socket.recv(65536)
        if not piece:
            raise ConnectionError("the server hung up")
        return piece


def auc(one: Sequence[float], other: Sequence[float]) -> float:
    """The chance that a time of `other` is longer than one of `one`, ties counting half."""
    marked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    below, wins, start = 0, 0.0, 0
    while start < len(marked):
        end = start
        while end < len(marked) and marked[end][0] == marked[start][0]:
            end += 1
        others = sum(mark for _, mark in marked[start:end])
        same = end - start - others
        wins += others * (below + same / 2)
        below += same
        start = end
    return wins / (len(one) * len(other))


def threshold(one: Sequence[float], other: Sequence[float]) -> tuple[float, int]:
    """The time that parts the two best, and on which side of it `other` lies (1: above, -1: below)."""
    marked = sorted([(value, 1 / len(one)) for value in one] + [(value, -1 / len(other)) for value in other])
    gap, best = 0.0, (marked[0][0], 0.0)
    for (value, weight), following in zip(marked, [*marked[1:], (float("inf"), 0.0)], strict=True):
        gap += weight
        if value != following[0] and abs(gap) > abs(best[1]):
            best = (value, gap)
    return best[0], 1 if best[1] > 0 else -1


def judged(one: Sequence[float], other: Sequence[float]) -> dict[str, Any]:
    """Learn on the even times, judge on the odd ones; with a 95 % bootstrap interval."""
    cut, side = threshold(one[::2], other[::2])

    def score(left: Sequence[float], right: Sequence[float]) -> float:
        value = auc(left, right)
        return value if side > 0 else 1 - value

    held = one[1::2], other[1::2]
    chance = random.Random(1)
    again = sorted(
        score(chance.choices(held[0], k=len(held[0])), chance.choices(held[1], k=len(held[1])))
        for _ in range(_RESAMPLES)
    )
    right = sum((value > cut) == (side < 0) for value in held[0]) + sum(
        (value > cut) == (side > 0) for value in held[1]
    )
    found = score(*held)
    return {
        "auc": round(found, 4),
        "interval": [round(again[int(_RESAMPLES * 0.025)], 4), round(again[int(_RESAMPLES * 0.975)], 4)],
        "accuracy_at_threshold": round(right / (len(held[0]) + len(held[1])), 4),
        "median_us": [round(statistics.median(values) / 1000, 1) for values in (one, other)],
        "kept": found <= _PROMISED,
    }


async def _twins(town: Town) -> list[Twins]:
    """The pairs, over what the city holds."""
    theirs = await town.data(
        "citizen-2", "{ me { records(first: 1) { edges { node { id objections { filedAt } } } } } }"
    )
    record = theirs["me"]["records"]["edges"][0]["node"]["id"]
    grant = (await town.grant("citizen-2", key="timing"))["grant"]["id"]
    nobodys = {"record": record[:4] + "0" * (len(record) - 4), "grant": grant[:4] + "0" * (len(grant) - 4)}
    used = await town.code("citizen-2", key="timing")
    assert (await town.redeem(used, key="timing"))["__typename"] == "ClaimRedeemPayload"
    async with town.house.database.writing() as unit:  # long enough ago that no receipt is shown again
        await unit.run(redemption.update().values(redeemed_at=datetime.now(UTC) - 2 * SHOWN_AGAIN))

    def look(id_: str) -> dict[str, str]:
        return {"grantId": id_, "stage": "PRE_LOAN", "operator": "timing"}

    person = str((await town.data("citizen-2", "{ me { name } }"))["me"]["name"])
    return [
        Twins("own record: nobody's, another's", "citizen-1", _OWN_RECORD, nobodys["record"], record),
        Twins("own grant: nobody's, another's", "citizen-1", _OWN_GRANT, nobodys["grant"], grant),
        Twins("granted: nobody's, another recipient's", "employer-1", _GRANTED, look(nobodys["grant"]), look(grant)),
        Twins("published: nobody, a person", None, _PUBLISHED, {"name": "无" * len(person)}, {"name": person}),
        Twins("till: unknown, used", "till-1", _CHECK, {"code": _other(used)}, {"code": used}),
    ]


def _other(code: str) -> str:
    """Another code of the same form."""
    return code[:2] + "".join(str((int(digit) + 5) % 10) for digit in code[2:])


def _time(port: int, pair: Twins, token: str | None, pairs: int) -> tuple[list[float], list[float]]:
    client = _Client(port)
    bodies = [orjson.dumps({"query": pair.document, "variables": {"v": value}}) for value in (pair.one, pair.other)]
    order, times = random.Random(2), ([], [])
    answers = [client.time(body, token)[1] for body in bodies for _ in range(50)]  # warm, and the same bytes
    if len(set(answers)) != 1:
        sys.exit(f"{pair.name}: the answers differ: {set(answers)}")
    for _ in range(pairs):
        for which in (0, 1) if order.random() < 0.5 else (1, 0):
            taken, found = client.time(bodies[which], token)
            if found != answers[0]:
                sys.exit(f"{pair.name}: answered {found[:200]!r}")
            times[which].append(float(taken))
    return times


@asynccontextmanager
async def _town(settings: Settings) -> AsyncIterator[Town]:
    house = House(settings)
    town = Town(house, create_app(house, Kind.DEMONSTRATION))
    try:
        yield town
    finally:
        await town.http.aclose()
        await house.database.close()


async def _prepare(settings: Settings) -> list[Twins]:
    async with _town(settings) as town:
        return await _twins(town)


async def _token(settings: Settings, persona: str | None) -> str | None:
    """A fresh one for each pair: they live a quarter of an hour."""
    async with _town(settings) as town:
        return await town.token(persona) if persona else None


def _measure(settings: Settings, pairs: int) -> dict[str, Any]:
    found = asyncio.run(_prepare(settings))
    measured = {}
    often = {f"HAIHE_{who}_PER_MINUTE": "100000000" for who in ("ANONYMOUS", "PERSON", "CLIENT")}
    tuned = Server(
        settings, "timing", module="tests.harness.tuned", arguments=(_GUESSING,), environment=often, fresh=True
    )
    with tuned as server:
        for pair in found:
            token = asyncio.run(_token(settings, pair.persona))
            measured[pair.name] = judged(*_time(server.port, pair, token, pairs))
            print(f"  {pair.name:40} {measured[pair.name]}", flush=True)
    return measured


@click.command()
@click.option("--pairs", default=5000, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=_HERE / "results" / "timing.json", show_default=True)
def main(pairs: int, out: Path) -> None:
    """Measure every pair, print each, write JSON; exit 1 when one can be told apart."""
    if not postgres.available():
        sys.exit("PostgreSQL's binaries are missing (Debian: apt-get install postgresql)")
    logs.configure("ERROR")
    commit, clean, load = ages.head(), ages.is_clean(), os.getloadavg()[0]
    cluster, folder = Cluster(postgres.DURABLE), Path(tempfile.mkdtemp(prefix="haihe-timing-"))
    try:
        templates = Templates(folder, cluster.url("")[:-1])
        city.build(templates)
        measured = _measure(templates.settings(f"{templates.server}/{TEMPLATE}"), pairs)
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    report = {
        "commit": commit,
        "clean": clean,
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "pairs": pairs,
        "promised_auc": _PROMISED,
        "load_before": round(load, 2),
        "quiet": load <= _QUIET * (os.cpu_count() or 1),
        "twins": measured,
    }
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")
    sys.exit(0 if all(found["kept"] for found in measured.values()) else 1)


if __name__ == "__main__":
    main()
