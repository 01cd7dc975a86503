"""What a process says of itself: labels of our own choosing, a port of its own, files that name what is there."""

import asyncio
import json
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
import structlog
import yaml
from prometheus_client import CollectorRegistry

from api.house import House
from api.metrics import Metrics
from tests.harness.binaries import free_port
from tests.harness.callers import inhabited
from tests.harness.servers import ROOT

_FILES = ROOT / "docs" / "operations"
_NAME = re.compile(r"\b(?:haihe|process)_[a-z_]+")
_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
_embedded = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def _samples(registry: CollectorRegistry) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for metric in registry.collect()
        for sample in metric.samples
    }


@_embedded
async def test_operations_and_requests_are_counted_under_labels_that_no_caller_chooses(house: House) -> None:
    house.settings = house.settings.model_copy(update={"slow_seconds": 1e-9})
    async with inhabited(house) as town:
        with structlog.testing.capture_logs() as lines:
            await town.ask("citizen-1", "query mine { me { name } }")
            await town.ask(None, "{ me { name } }")
            await town.ask(None, "{ nonsense")
        for number in range(30):
            await town.http.request("GET", f"/invented/{number}", headers={"X-Invented": str(number)})
        found = _samples(town.app.state.metrics.registry)
    assert found["haihe_operation_seconds_count", ("query", "answered")] == 1
    assert found["haihe_operation_seconds_count", ("query", "refused")] == 1
    assert found["haihe_operation_seconds_count", ("unread", "refused")] == 1
    requests = {labels for name, labels in found if name == "haihe_http_request_seconds_count"}
    assert {path for path, _ in requests} == {"/graphql", "?"}
    assert found["haihe_http_request_seconds_count", ("?", "404")] == 30
    slow = [line for line in lines if line["event"] == "slow_operation"]
    assert {line["kind"] for line in slow} == {"query"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", line["document"]) for line in slow)
    assert all(set(line) == {"event", "log_level", "document", "kind", "milliseconds"} for line in slow)


@_embedded
async def test_a_request_stands_in_the_log_under_its_callers_trace(house: House) -> None:
    given = [f"00-{_TRACE}-00f067aa0ba902b7-01", f"00-{'0' * 32}-00f067aa0ba902b7-01", "00-110101199003071234-x-01"]
    async with inhabited(house) as town:
        with structlog.testing.capture_logs() as lines:
            for one in given:
                await town.http.get("/livez", headers={"traceparent": one})
    assert [line.get("trace") for line in lines if line["event"] == "request"] == [_TRACE, None, None]


@_embedded
async def test_metrics_are_shown_at_their_own_port_even_while_the_loop_stands_still(house: House) -> None:
    port = free_port()
    async with inhabited(house) as town:
        assert (await town.http.get("/metrics")).status_code == 404
        metrics: Metrics = town.app.state.metrics
        metrics.warned("duty_failed")
        with metrics.shown("127.0.0.1", port):
            shown = _fetched(port)  # the loop waits for it
        with pytest.raises(httpx.ConnectError):
            _fetched(port)
    assert 'haihe_warnings_total{event="duty_failed"} 1.0' in shown
    assert "haihe_loop_lag_seconds" in shown


def _fetched(port: int) -> str:
    return httpx.get(f"http://127.0.0.1:{port}/metrics").text


def test_a_loop_that_stands_still_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics, now = Metrics(), [100.0]
    monkeypatch.setattr("api.metrics.time.monotonic", lambda: now[0])

    async def stand() -> float:
        async with metrics.beating():
            await asyncio.sleep(0)
            now[0] += 8.5
            return _samples(metrics.registry)["haihe_loop_lag_seconds", ()]

    assert _samples(metrics.registry)["haihe_loop_lag_seconds", ()] == 0
    assert asyncio.run(stand()) == 7.5


@_embedded
async def test_alerts_and_dashboard_ask_for_nothing_that_is_not_there(house: House) -> None:
    async with inhabited(house) as town:
        await town.ask(None, "{ __typename }")
        town.app.state.metrics.warned("fault")
        shown = {name for name, _ in _samples(town.app.state.metrics.registry)}
    rules = yaml.safe_load((_FILES / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
    panels = json.loads((_FILES / "dashboard.json").read_text("utf-8"))["panels"]
    asked = [rule["expr"] for rule in rules] + [each["expr"] for panel in panels for each in panel["targets"]]
    assert {name for text in asked for name in _NAME.findall(text)} <= shown
    events = {event for text in asked for given in re.findall(r'event=~?"([^"]+)"', text) for event in given.split("|")}
    assert {event for event in events if not _said(event)} == set()


def test_prometheus_reads_the_alerts_and_what_the_dashboard_asks_for(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not on this machine")
    panels = json.loads((_FILES / "dashboard.json").read_text("utf-8"))["panels"]
    asked = [each["expr"] for panel in panels for each in panel["targets"]]
    rules = [{"record": f"asked:{n}", "expr": expression} for n, expression in enumerate(asked)]
    drawn = tmp_path / "drawn.yaml"
    drawn.write_text(yaml.safe_dump({"groups": [{"name": "drawn", "rules": rules}]}), "utf-8")
    said = subprocess.run([promtool, "check", "rules", _FILES / "alerts.yaml", drawn], capture_output=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert f"SUCCESS: {len(asked)} rules found".encode() in said.stdout


def _said(event: str) -> bool:
    """Whether our code logs it."""
    folders = ("api", "core", "schema", "audit", "notices")
    return any(f'"{event}"' in Path(path).read_text("utf-8") for one in folders for path in (ROOT / one).rglob("*.py"))
