"""One span for each operation of a share of all traces, sent to a collector (OTLP over HTTP).

Names are OpenTelemetry's semantic conventions. A span holds no text of a document, no variable, and no word that a
caller chose but the ids of their trace: an operation is named by its document's digest, as in the log.
"""

import asyncio
import time
from collections.abc import Callable
from importlib.metadata import version

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags, set_span_in_context

from api import tracing
from schema.documents import Operation
from schema.errors import Answer

Measured = Callable[[Operation | None, Answer, float], None]
_SEND_SECONDS = 5.0
_NOBODYS = Context()


class Spans:
    """Makes spans, and hands them on in the background. A collector that is away or slow costs spans and nothing else:
    they wait in a bounded queue.

    A caller whose trace is not recorded has none; one whose trace is gets our own share too, so that nobody makes us
    record more than we chose to.
    """

    def __init__(self, url: str, share: float) -> None:
        known = Resource.create({SERVICE_NAME: "haihe", SERVICE_VERSION: version("haihe")})
        ours = TraceIdRatioBased(share)
        self._provider = TracerProvider(ParentBased(ours, remote_parent_sampled=ours), known)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(url, timeout=_SEND_SECONDS)))
        self._tracer = self._provider.get_tracer("haihe")

    def beside(self, measured: Measured) -> Measured:
        """Tell both."""

        def both(operation: Operation | None, answer: Answer, seconds: float) -> None:
            measured(operation, answer, seconds)
            if operation is not None:
                self._tell(operation, answer, seconds)

        return both

    def _tell(self, operation: Operation, answer: Answer, seconds: float) -> None:
        kind, ended = "mutation" if operation.mutation else "query", time.time_ns()
        said = {"graphql.operation.type": kind, "haihe.document.digest": operation.document}
        for error in answer.body.get("errors", ())[:1]:
            said["error.type"] = error["extensions"]["code"]
        began = ended - int(seconds * 1e9)
        span = self._tracer.start_span(kind, _under(), SpanKind.SERVER, said, start_time=began)
        if answer.status >= 500:
            span.set_status(StatusCode.ERROR)
        span.end(ended)

    async def close(self) -> None:
        """Send what waits, and end."""
        await asyncio.to_thread(self._provider.shutdown)


def _under() -> Context:
    """The caller's span, or nobody's."""
    parent = tracing.parent.get()
    if parent is None:
        return _NOBODYS
    flags = TraceFlags(TraceFlags.SAMPLED if parent.sampled else TraceFlags.DEFAULT)
    there = SpanContext(int(parent.trace, 16), int(parent.span, 16), is_remote=True, trace_flags=flags)
    return set_span_in_context(NonRecordingSpan(there), _NOBODYS)
