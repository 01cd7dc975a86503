"""Reports in tests: issued, printed, fetched and read."""

import re
from io import BytesIO
from typing import Any

import httpx
import orjson
from pypdf import PdfReader

from api.clock import now
from api.printing import printer_of
from core.installation import Kind
from credit.typeset.setter import Setter
from tests.harness.callers import Town

SETTER = Setter()  # a process for all tests of a worker; it ends with it
REPORT = "report { id number code kind from to data state recordCount issuedAt validUntil pdfReady } replayed"
CHECK = """query($n: String!, $c: String!) { reportCheck(number: $n, code: $c) {
  state issuedAt validUntil subjectMasked } }"""


async def issue(town: Town, persona: str, key: str, **input_: Any) -> dict[str, Any]:
    """A report's payload or refusal."""
    return await town.act(persona, "reportIssue", {"idempotencyKey": key, **input_}, REPORT)


async def issued(town: Town, persona: str, key: str, **input_: Any) -> dict[str, Any]:
    """A report that must be one, its data read."""
    made = await issue(town, persona, key, **input_)
    assert made["__typename"] == "ReportIssuePayload", made
    return {**made["report"], "said": orjson.loads(made["report"]["data"])}


async def print_all(town: Town) -> None:
    """Set what has been issued, as the duty does."""
    printer = printer_of(town.house, Kind.DEMONSTRATION, SETTER)
    while await printer.run_once(now()) == 0.0:
        pass


async def ticket(town: Town, persona: str, report_id: str) -> dict[str, Any]:
    """A ticket's payload or refusal."""
    return await town.act(persona, "reportTicket", {"reportId": report_id}, "path validUntil")


async def fetch(town: Town, persona: str, report_id: str) -> httpx.Response:
    """The PDF, by a fresh ticket."""
    return await town.http.get((await ticket(town, persona, report_id))["path"])


async def check(town: Town, number: str, code: str) -> dict[str, Any]:
    """What a check says."""
    found = await town.data(None, CHECK, {"n": number, "c": code})
    return dict(found["reportCheck"])


def text_of(pdf: bytes) -> str:
    """A PDF's text without any white space: a line is broken where the page ends, not where the text does."""
    return squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def squeezed(text: str) -> str:
    """A text without white space and the marks at which a long number may be broken."""
    return re.sub(r"[\s\u200b]", "", text)
