"""A state organ's officers at work: mandates, looks, and what a subject reads of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
from stdnum.cn import ric

from api.demo import story
from core import sheets
from credit.answering import Answerer
from tests.harness import city
from tests.harness.callers import Answered, Town

MANDATES = "{ agencyWork { mandates { id version state purpose instrument article categories validUntil } } }"
LOOK = """query($q: AgencyQueryInput!, $f: RecordFilter, $after: String) { agency(query: $q) { lookId caseNumber
  subject { name kind identity { masked } }
  objections { filedAt } records(filter: $f, first: 2, after: $after) { pageInfo { endCursor }
  edges { node { id category title publicity source { name } items { code value masked }
  objections { filedAt } } } } } }"""
TRAIL = """{ me { accessHistory(includeOwn: true, first: 100) { edges { node {
  id basis purpose summary caseNumber recordCount actor { name operator } grant { id } } } } } }"""
NOBODY = {"type": "RESIDENT_ID", "number": "12990119700101001X", "name": "某某某"}


async def mandate(town: Town, purpose: str = "LICENSING", *, by: str = "agency-1") -> str:
    """The organ's own mandate for a purpose."""
    found = await town.data(by, MANDATES)
    return next(str(one["id"]) for one in found["agencyWork"]["mandates"] if one["purpose"] == purpose)


def identity(persona: str) -> dict[str, str]:
    """A citizen's own number and name."""
    someone = story.citizen(story.CITIZENS[persona][0], city.SEED, city.built_on())
    return {"type": "RESIDENT_ID", "number": someone.number, "name": someone.name}


async def query(town: Town, persona: str, **changed: Any) -> dict[str, Any]:
    """The variables of a look at a citizen."""
    asked = {"caseNumber": "海政许〔2026〕17号", "purpose": "LICENSING", **changed}
    asked.setdefault("mandateId", await mandate(town))
    asked.setdefault("subject", identity(persona))
    return {"q": asked}


async def look(town: Town, persona: str, *, by: str = "agency-1", **changed: Any) -> Answered:
    """A look at a citizen, as an officer."""
    return await town.ask(by, LOOK, await query(town, persona, **changed))


async def trail(town: Town, persona: str) -> list[dict[str, Any]]:
    """Who looked at a citizen, as the citizen reads it, own looks too."""
    found = await town.data(persona, TRAIL)
    return [edge["node"] for edge in found["me"]["accessHistory"]["edges"]]


HEAD = ["证件类型", "证件号码", "名称"]
BATCH = "batch { id version state rowCount found byMe openedBy decidedBy reason } replayed"


def row(persona: str) -> list[str]:
    """A citizen as a sheet lists them."""
    someone = identity(persona)
    return ["居民身份证", someone["number"], someone["name"]]


def nobody(index: int) -> list[str]:
    """A row of a number that is well-formed and nobody's."""
    body = f"1299011970{1 + index // 28 % 12:02}{1 + index % 28:02}{index // 336:03}"
    return ["居民身份证", body + ric.calc_check_digit(f"{body}?"), f"某{index}"]


def sheet(*rows: Sequence[str], head: Sequence[str] = HEAD) -> bytes:
    """An xlsx of text cells."""
    return sheets.write("名单", [head, *rows], widths=[18, 22, 24])


async def upload(town: Town, data: bytes, *, by: str = "agency-1") -> httpx.Response:
    """What POST /uploads answers to an officer."""
    headers = {"Authorization": f"Bearer {await town.token(by)}"}
    return await town.http.post("/uploads", content=data, headers=headers)


async def open_batch(town: Town, data: bytes, *, by: str = "agency-1", **changed: Any) -> dict[str, Any]:
    """Upload a sheet and open a batch with it; the payload or refusal."""
    uploaded = await upload(town, data, by=by)
    assert uploaded.status_code == 201, uploaded.text
    input_ = {
        "uploadId": uploaded.json()["id"],
        "caseNumber": "海政许〔2026〕18号",
        "purpose": "LICENSING",
        "mandateId": await mandate(town),
        "idempotencyKey": uploaded.json()["id"],
        **changed,
    }
    return await town.act(by, "agencyBatchOpen", input_, BATCH)


async def approve_batch(town: Town, batch: dict[str, Any], *, by: str = "agency-2") -> dict[str, Any]:
    """Another officer's word; the payload or refusal."""
    input_ = {"batchId": batch["id"], "expectedVersion": batch["version"]}
    return await town.act(by, "agencyBatchApprove", input_, BATCH)


async def answer(town: Town) -> None:
    """What the duty does: everything that is approved."""
    answerer = Answerer(town.house.database, town.house.blobs)
    while await answerer.run_once(datetime.now(UTC)) == 0:
        pass


async def fetch(town: Town, batch_id: str, *, by: str = "agency-1") -> list[list[Any]]:
    """The answer's rows, downloaded by a ticket."""
    found = await town.act(by, "agencyBatchTicket", {"batchId": batch_id}, "path")
    downloaded = await town.http.get(found["path"])
    assert downloaded.status_code == 200, downloaded.text
    return sheets.read(downloaded.content, most_rows=100_000)


async def let_leave(town: Town, *, by: str = "approver-1", leaves: bool = True) -> dict[str, Any]:
    """The institution's word on the one large answer that waits."""
    found = await town.data(by, "{ approvals { releases { edges { node { id } } } } }")
    given = {"releaseId": found["approvals"]["releases"]["edges"][0]["node"]["id"], "leaves": leaves}
    reason = {} if leaves else {"reason": "与案件无关"}
    return await town.act(by, "releaseDecide", {**given, **reason}, "release { outcome } replayed")
