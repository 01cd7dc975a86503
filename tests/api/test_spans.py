"""Spans: one for each operation, under its caller's trace, with nothing that a caller wrote."""

from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from api.house import House
from schema.documents import digest_of
from tests.harness.binaries import free_port
from tests.harness.callers import inhabited
from tests.harness.receiver import Receiver

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_TRACE, _SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
_SECRET = "查询用语"


def _sent_to(house: House, url: str) -> House:
    house.settings = house.settings.model_copy(update={"traces_url": url, "traces_share": 1.0})
    return house


def _spans(receiver: Receiver) -> Sequence[Any]:
    sent = [ExportTraceServiceRequest.FromString(one.body) for one in receiver.received]
    return [span for one in sent for held in one.resource_spans for scope in held.scope_spans for span in scope.spans]


def _said(span: Any) -> dict[str, str]:
    return {one.key: one.value.string_value for one in span.attributes}


async def test_each_operation_is_one_span_under_its_callers_trace(house: House) -> None:
    asked = ("query mine { me { name } }", f'{{ offers(search: "{_SECRET}") {{ pageInfo {{ hasNextPage }} }} }}')
    async with Receiver() as receiver:
        async with inhabited(_sent_to(house, receiver.url)) as town:
            head = {"traceparent": f"00-{_TRACE}-{_SPAN}-01"}
            await town.http.post("/graphql", json={"query": asked[1]}, headers=head)
            await town.ask("citizen-1", asked[0])
            await town.ask(None, asked[0])
            await town.ask(None, "{ nonsense")
            await town.http.get("/livez", headers=head)
        spans = _spans(receiver)
        raw = b"".join(one.body for one in receiver.received)
    offers, mine, refused = sorted(spans, key=lambda span: span.start_time_unix_nano)
    assert (offers.trace_id.hex(), offers.parent_span_id.hex()) == (_TRACE, _SPAN)
    assert {span.name for span in spans} == {"query"}
    assert not mine.parent_span_id
    assert mine.trace_id.hex() != _TRACE
    digests = {"graphql.operation.type": "query", "haihe.document.digest": digest_of(asked[0])}
    assert _said(mine) == digests
    assert _said(refused) == {**digests, "error.type": "UNAUTHENTICATED"}
    assert all(span.end_time_unix_nano >= span.start_time_unix_nano > 0 for span in spans)
    assert _SECRET.encode() not in raw
    assert b"pageInfo" not in raw
    assert b"citizen" not in raw


@pytest.mark.parametrize(("flags", "share"), [("00", 1.0), ("01", 0.0)])
async def test_whoever_records_nothing_has_no_span_and_nobody_makes_us_record_more(
    house: House, flags: str, share: float
) -> None:
    async with Receiver() as receiver:
        _sent_to(house, receiver.url)
        house.settings = house.settings.model_copy(update={"traces_share": share})
        async with inhabited(house) as town:
            head = {"traceparent": f"00-{_TRACE}-{_SPAN}-{flags}"}
            await town.http.post("/graphql", json={"query": "{ __typename }"}, headers=head)
        assert not receiver.received


async def test_a_collector_that_is_away_is_not_missed(house: House) -> None:
    async with inhabited(_sent_to(house, f"http://127.0.0.1:{free_port()}/v1/traces")) as town:
        assert (await town.ask("citizen-1", "{ me { name } }"))["data"]["me"]
