"""Structured logs: one JSON object a line of codes, counts and ids. Never a name, a number, a token or a query."""

import logging
import sys
from collections.abc import Callable
from typing import TextIO

import structlog

from schema.errors import where

_WARNING = frozenset({"warning", "error", "exception", "critical"})


def _without_messages(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """An exception's message and frames may hold anything: keep its kind and its place only."""
    found = event.pop("exc_info", None)
    if isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if isinstance(found, tuple) and found[1] is not None:
        event["kind"], event["where"] = type(found[1]).__name__, where(found[1])
    return event


def _counting(warned: Callable[[str], None]) -> structlog.types.Processor:
    def count(_logger: object, method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
        if method in _WARNING:
            warned(event["event"])
        return event

    return count


def configure(
    level: str = "INFO", stream: TextIO | None = None, warned: Callable[[str], None] = lambda _event: None
) -> None:
    """Send every log line, the libraries' too, to one stream as JSON: standard error unless another is given.

    `warned` is told the event of each line of ours that warns."""
    shared: list[structlog.types.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[_counting(warned), *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_messages,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs whole URLs
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # and so does this, of sockets
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
