"""Killed before or after every named step of an operation: nothing half done, and what was answered is logged.

The steps stand in one table by dotted name (tests/harness/killing.py). A step that was renamed fails with its name; a
step that an operation never reaches fails too, for then the kill proves nothing.
"""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.harness import contesting
from tests.harness.callers import Answered, Town
from tests.harness.killing import DoomedServer, NoSuchStep, Step
from tests.harness.scale import FULL
from tests.harness.sealing import proved

_KEY = "killed"
_LOG, _COMMIT = "audit.log:Log.append", "sqlalchemy.engine.default:DefaultDialect.do_commit"
# A query: read, given to the writer, written with its batch, answered.
_GIVEN, _WRITTEN = "audit.writer:GroupWriter.write", "audit.writer:GroupWriter._commit"
_ANSWER = "api.graphql:_respond"
# uvicorn sends an answer in two calls: the head, then the body, after which it has left.
_SEND = "uvicorn.protocols.http.httptools_impl:RequestResponseCycle.send"
_BEGIN, _FINISH = "core.idempotency:begin", "core.idempotency:finish"
_MARK = "credit.marks:mark"
_MUTATION = (_BEGIN, _FINISH, _LOG, _COMMIT, _ANSWER)

STEPS: Mapping[str, tuple[str, ...]] = {
    "self query": (_GIVEN, _WRITTEN, _ANSWER),
    "granted freely": (_GIVEN, _WRITTEN, _ANSWER),
    "granted": ("grants.use:spend", _LOG, _COMMIT, _ANSWER),
    "grantIssue": (*_MUTATION, "grants.lifecycle:issue"),
    "claimCreate": (*_MUTATION, "incentives.claims:_take_slot", "incentives.claims:create"),
    "claimRedeem": (*_MUTATION, "incentives.redemption:redeem"),
    "objectionFile": (*_MUTATION, "objections.filing:_begin", _MARK),
    "objectionWithdraw": (_LOG, _COMMIT, _ANSWER, "objections.cases:change", "credit.marks:lift"),
}
_CASES = [
    (operation, f"{when} {step}{nth}")
    for operation, steps in STEPS.items()
    for step, nth in (*((step, "") for step in steps), (_SEND, "*2"))
    for when in ("before", "after")
]
# Each case starts a server. At a small scale: around the commit, and where a query is written down; on PostgreSQL.
_RUN = (
    _CASES
    if FULL
    else [
        case
        for case in _CASES
        if _COMMIT in case[1] or case in (("granted freely", f"after {_WRITTEN}"), ("objectionFile", f"after {_MARK}"))
    ]
)
_GRANTED = "query($input: GrantedQueryInput!) { granted(query: $input) { lookId subject { name } } }"
_QUERIES = {
    "self query": "query($input: Boolean!) { me { name @skip(if: $input) kind } }",
    "granted freely": _GRANTED,
    "granted": _GRANTED,
    "grantIssue": "mutation($input: GrantIssueInput!) { grantIssue(input: $input) { __typename "
    "... on GrantIssuePayload { grant { id } replayed } } }",
    "claimCreate": "mutation($input: ClaimCreateInput!) { claimCreate(input: $input) { __typename "
    "... on ClaimCreatePayload { claim { id } replayed } } }",
    "claimRedeem": "mutation($input: ClaimRedeemInput!) { claimRedeem(input: $input) { __typename "
    "... on ClaimRedeemPayload { redemption { id } replayed } } }",
    "objectionFile": "mutation($input: ObjectionFileInput!) { objectionFile(input: $input) { __typename "
    "... on ObjectionFilePayload { objection { id } replayed } } }",
    "objectionWithdraw": "mutation($input: ObjectionChangeInput!) { objectionWithdraw(input: $input) { __typename "
    "... on ObjectionWithdrawPayload { objection { id } replayed } } }",
}
_CODE = "{ me { claims(first: 1) { edges { node { codes(first: 1) { digits } } } } } }"


class _Scene:
    """One operation in one city, and what the database says of it."""

    def __init__(self, town: Town, operation: str) -> None:
        self.town = town
        self.operation = operation
        self.document = _QUERIES[operation]
        self.persona = {"granted": "bank-1", "granted freely": "bank-1", "claimRedeem": "till-1"}.get(
            operation, "citizen-1"
        )
        self.input: Any = False

    async def prepare(self) -> None:
        """What must be there before."""
        town = self.town
        if self.operation == "granted":
            made = await town.grant("citizen-1", key="before", uses=3)
            self.input = {"grantId": made["grant"]["id"], "stage": "PRE_LOAN", "operator": "甲", "attempt": _KEY}
        elif self.operation == "granted freely":
            made = await town.grant("citizen-1", key="before")
            self.input = {"grantId": made["grant"]["id"], "stage": "PRE_LOAN", "operator": "甲"}
        elif self.operation == "grantIssue":
            self.input = await self._terms()
        elif self.operation == "claimCreate":
            offer = await town.open_offer()
            self.input = {"offerId": offer, "noticeHash": await town.notice("CLAIM"), "idempotencyKey": _KEY}
        elif self.operation == "claimRedeem":
            await town.claim("citizen-2", await town.open_offer(), key="before")
        elif self.operation == "objectionFile":
            said = {"target": "RECORD", "ground": "ERROR", "request": "CORRECT", "text": "有误"}
            target = await contesting.record_of(town, self.persona)
            self.input = {**said, "targetId": target, "idempotencyKey": _KEY}
        elif self.operation == "objectionWithdraw":
            made = (await contesting.file(town, self.persona))["objection"]
            self.input = {"objectionId": made["id"], "expectedVersion": made["version"]}

    async def freshen(self) -> None:
        """A code lives for half a minute, and the doomed server may take that long to start."""
        if self.operation == "claimRedeem":
            shown = await self.town.data("citizen-2", _CODE)
            code = shown["me"]["claims"]["edges"][0]["node"]["codes"][0]["digits"]
            self.input = {"code": code, "idempotencyKey": _KEY}

    async def _terms(self) -> dict[str, Any]:
        terms = {
            "recipientId": await self.town.party("海津示例银行"),
            "purpose": "FINANCING",
            "categories": ["ADMINISTRATIVE"],
        }
        notice = await self.town.notice("GRANT", **terms)
        rest = {"stages": ["PRE_LOAN"], "validUntil": "2027-01-01T00:00:00Z", "noticeHash": notice}
        return {**terms, **rest, "idempotencyKey": _KEY}

    async def state(self) -> dict[str, int]:
        """Everything that one success changes, counted."""
        count = self.town.count
        return {
            "looks": await count("SELECT count(*) FROM access"),
            "keys": await count("SELECT count(*) FROM idempotency"),
            "open keys": await count("SELECT count(*) FROM idempotency WHERE outcome IS NULL"),
            "grants": await count("SELECT count(*) FROM consent_grant"),
            "uses": await count("SELECT coalesce(sum(uses_left), 0) FROM consent_grant"),
            "attempts": await count("SELECT count(*) FROM grant_attempt"),
            "claims": await count("SELECT count(*) FROM claim"),
            "redeemed": await count("SELECT count(*) FROM claim WHERE status = 'REDEEMED'"),
            "redemptions": await count("SELECT count(*) FROM redemption"),
            "stock": await count("SELECT sum(left_over) FROM stock"),
            "objections": await count("SELECT count(*) FROM objection"),
            "open objections": await count("SELECT count(*) FROM objection WHERE ended_at IS NULL"),
            "dates": await count("SELECT count(*) FROM due_date"),
            "steps": await count("SELECT count(*) FROM objection_step"),
            # That the city's own late case is late is told by a duty, when it likes.
            "told": await count(
                "SELECT count(*) FROM outbox WHERE kind LIKE 'OBJECTION%' AND kind <> 'OBJECTION_OVERDUE'"
            ),
            "marked": await count("SELECT count(*) FROM record WHERE CAST(marks AS VARCHAR(99)) <> '[]'"),
        }

    async def send(self, url: str) -> Any:
        """The data answered over the wire, or None when the connection broke first."""
        headers = {"Authorization": f"Bearer {await self.town.token(self.persona)}"}
        body = {"query": self.document, "variables": {"input": self.input}}
        async with httpx.AsyncClient(timeout=20) as client:
            try:
                answer = await client.post(f"{url}/graphql", json=body, headers=headers)
            except httpx.TransportError:
                return None
        assert answer.status_code == 200, answer.text
        return json.loads(answer.content)["data"]

    async def again(self, *, done: bool) -> Answered:
        """The same request to the service that was started after the kill; what was not done, with a code of then."""
        if not done:
            await self.freshen()
        answer = await self.town.ask(self.persona, self.document, {"input": self.input})
        assert "errors" not in answer, answer
        return answer


# What one success changes in `_Scene.state`, whole or not at all.
_SUCCESS: Mapping[str, Mapping[str, int]] = {
    "self query": {"looks": 1},
    "granted freely": {"looks": 1},
    "granted": {"looks": 1, "uses": -1, "attempts": 1},
    "grantIssue": {"looks": 1, "keys": 1, "grants": 1},
    "claimCreate": {"looks": 1, "keys": 1, "claims": 1, "stock": -1},
    "claimRedeem": {"keys": 1, "redeemed": 1, "redemptions": 1},
    "objectionFile": {
        **dict.fromkeys(("looks", "keys", "objections", "open objections", "dates", "steps", "marked"), 1),
        "told": 2,
    },
    "objectionWithdraw": {"looks": 1, "open objections": -1, "steps": 1, "told": 2, "marked": -1},
}


def _changed(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {name: after[name] - value for name, value in before.items() if after[name] != value}


def _plus(state: Mapping[str, int], changed: Mapping[str, int]) -> dict[str, int]:
    return {name: value + changed.get(name, 0) for name, value in state.items()}


@pytest.mark.parametrize(("operation", "step"), _RUN)
@pytest.mark.parametrize("backend", ["postgresql", *(["sqlite"] if FULL else [])], indirect=True)
async def test_a_kill_leaves_all_or_nothing(town: Town, operation: str, step: str, figures: dict[str, int]) -> None:
    scene = _Scene(town, operation)
    await scene.prepare()
    with DoomedServer(
        town.house.settings, town.house.settings.database_url.rsplit("/", 1)[1] + "-doomed", step
    ) as server:
        await scene.freshen()
        before = await scene.state()
        server.arm()
        answered = await scene.send(server.url)
        assert server.died(), f"{operation} never reached {step}"
    figures["kills"] = 1
    await _settled(town)
    left = await scene.state()
    done = _changed(before, left)
    assert done in ({}, _SUCCESS[operation]), "half done"
    assert answered is None or done == _SUCCESS[operation], "answered, and not written down"
    if step.startswith("after") and _SEND in step:
        assert answered is not None  # the case where an answer did leave
    said = {one.said["id"] for one in await proved(town, "citizen-1")}
    if answered is not None and "granted" in answered:
        assert answered["granted"]["lookId"] in said, "answered, and not sealed"
    if operation in ("self query", "granted freely"):
        return
    before = _plus(before, _changed(left, await scene.state()))  # reading the trail is a look too
    replayed = (await scene.again(done=bool(done)))["data"]
    whole = dict(_SUCCESS[operation])
    if operation == "granted":
        whole["looks"] += bool(done)  # the retry shows the data once more, and spends nothing more
    else:
        payload = replayed[operation]
        assert payload["replayed"] is bool(done)
        if answered is not None:
            assert payload == {**answered[operation], "replayed": True}
        # A replay shows the thing once more; a redemption shows nothing, and the fresh code for it was a look.
        if bool(done) is not (operation == "claimRedeem"):
            whole["looks"] = whole.get("looks", 0) + 1
    assert _changed(before, await scene.state()) == whole


async def _settled(town: Town) -> None:
    """PostgreSQL undoes what a dead client left open once it notices: wait until no session of the dead is left."""
    if town.house.database.engine.dialect.name == "postgresql":
        import asyncio

        others = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state IS DISTINCT FROM 'idle'"
        )
        for _ in range(500):
            if await town.count(others) == 0:
                return
            await asyncio.sleep(0.02)
        raise TimeoutError("a session of the killed server is still busy")


@pytest.mark.parametrize("step", ["after audit.log:Log.write_nothing", "before no.such.module:x"])
def test_a_renamed_step_is_said_by_name(step: str) -> None:
    with pytest.raises(NoSuchStep, match=step.split(" ")[1].split(":")[0]):
        Step.parse(step).find()


@pytest.mark.parametrize("text", ["audit.log:Log.append", "during audit.log:Log", "after audit.log", "after a:b*x"])
def test_a_step_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(NoSuchStep, match="is not of the form"):
        Step.parse(text)


@pytest.mark.parametrize("name", sorted({name for steps in STEPS.values() for name in steps} | {_SEND}))
def test_every_step_of_the_table_exists(name: str) -> None:
    Step("after", name).find()
