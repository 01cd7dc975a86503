"""A clerk at the counter: cases, papers, printouts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from core.moments import day_of
from grants import papers
from grants.papers import CounterKind, Needed, PaperForm
from tests.harness import contesting, organs
from tests.harness.callers import Town

CASE = "case { id number version state looksLeft supplement papers { paper lacking } } replayed"
PRINT = "printout { id what outcome reportNumber ready } replayed"
TRAIL = """query($q: CounterTrailQueryInput!) { counterTrail(query: $q) { caseNumber
  accessHistory(first: 5) { edges { node { summary basis } } } } }"""
APPLICANT = {"type": "RESIDENT_ID", "number": "12990119700101001X", "name": "王小明"}


async def company(town: Town) -> dict[str, str]:
    """A company's code and name."""
    query = '{ published(query: {name: "海津示例餐饮管理有限公司"}) { name uscc } }'
    found = (await town.data(None, query))["published"]
    return {"type": "USCC", "number": found["uscc"], "name": found["name"]}


async def visit(
    town: Town, kind: CounterKind, key: str, *, persona: str = "citizen-1", **changed: Any
) -> dict[str, Any]:
    """Open a case; its payload or refusal."""
    is_company = kind is CounterKind.ORGANISATION
    input_: dict[str, Any] = {
        "kind": kind.value,
        "desk": "3号窗口",
        "subject": await company(town) if is_company else organs.identity(persona),
        "noConflict": True,
        "idempotencyKey": key,
    }
    if kind is not CounterKind.OWN:
        input_["applicant"] = APPLICANT
    if kind in papers.AUTHORISED:
        input_ |= {"categories": ["ADMINISTRATIVE"], "authorisedUntil": _tomorrow()}
    return await town.act("clerk-1", "counterCaseOpen", {**input_, **changed}, CASE)


async def opened(town: Town, kind: CounterKind, key: str, **changed: Any) -> dict[str, Any]:
    """A case that must be one."""
    made = await visit(town, kind, key, **changed)
    assert made["__typename"] == "CounterCaseOpenPayload", made
    return dict(made["case"])


async def laid(town: Town, needed: Needed) -> dict[str, Any]:
    """A paper as the list asks for it."""
    form = PaperForm.ORIGINAL if PaperForm.ORIGINAL in needed.forms else PaperForm.COPY
    said = {"paper": needed.paper.value, "form": form.value, "checks": sorted(one.value for one in needed.checks)}
    return {**said, "scanId": await contesting.upload(town, "clerk-1")} if needed.scan else said


async def note(town: Town, case: dict[str, Any], *brought: dict[str, Any]) -> dict[str, Any]:
    """Note papers; the payload or refusal."""
    input_ = {"caseId": case["id"], "expectedVersion": case["version"], "papers": list(brought)}
    return await town.act("clerk-1", "counterPapersNote", input_, CASE)


async def ready(town: Town, kind: CounterKind, key: str, **changed: Any) -> dict[str, Any]:
    """A case with all its papers."""
    case = await opened(town, kind, key, **changed)
    noted = await note(town, case, *[await laid(town, one) for one in papers.listed(kind)])
    assert noted["case"]["state"] == "READY", noted
    return dict(noted["case"])


async def begin(town: Town, case_id: str, key: str, what: str = "REPORT", **more: Any) -> dict[str, Any]:
    """Begin to print; the payload or refusal."""
    input_ = {"caseId": case_id, "what": what, "idempotencyKey": key, **more}
    return await town.act("clerk-1", "counterPrintBegin", input_, PRINT)


async def end(town: Town, case_id: str) -> dict[str, Any]:
    """End a case."""
    return await town.act("clerk-1", "counterCaseEnd", {"caseId": case_id}, CASE)


async def write(town: Town, statement: str, **values: Any) -> None:
    """Change a row behind the service's back."""
    async with town.house.database.writing() as unit:
        await unit.run(text(statement), values)


def yesterday() -> Any:
    """The city's day before today."""
    return day_of(datetime.now(UTC)) - timedelta(days=1)


def _tomorrow() -> str:
    return (day_of(datetime.now(UTC)) + timedelta(days=1)).isoformat()
