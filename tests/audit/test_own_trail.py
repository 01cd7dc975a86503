"""What others ask never changes one's trail, unless one was whom they asked about: the bytes of `accessHistory`."""

import asyncio
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness.asking import ask, identity
from tests.harness.callers import Town
from tests.harness.documents import operations
from tests.harness.known import known_values
from tests.harness.scale import FULL, scaled
from tests.harness.sealing import seal

_CALM = settings(
    deadline=None,
    derandomize=not FULL,
    max_examples=scaled(40, 1000),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
_TRAIL = """{ me { accessHistory(first: 100) { edges { cursor node { id at summary purpose stage channel basis fields
  recordCount actor { name operator party { id } } grant { id version status }
  receipt { position data salt link linkSalt proof } } } } } }"""
_LOOK = "query($q: GrantedQueryInput!) { granted(query: $q) { subject { name } } }"
_ABOUT = "SELECT count(*) FROM access a JOIN identity_link l ON l.subject_id = a.subject_id WHERE l.name = :n"
_ROOTS = ["me", "granted", "recipient", "published", "parties", "offers"]
_OTHERS = ["bank-1", "employer-1", "platform-1", "citizen-1", "citizen-4", "company-1-legal"]


class _Watched:
    """Somebody whose trail is read before and after whatever others do."""

    def __init__(self, town: Town, persona: str) -> None:
        self._town, self._persona = town, persona
        self._seen, self._looks = b"", 0
        self.counted = {"operations": 0, "looks at the one watched": 0}

    async def begin(self) -> None:
        """Read it for the first time."""
        self._seen, self._looks = await self._read()

    async def _read(self) -> tuple[bytes, int]:
        answer = await self._town.ask(self._persona, _TRAIL)
        assert "errors" not in answer, answer
        others = _ABOUT + " AND a.basis <> 'SELF'"
        return answer.response.content, await self._town.count(others, n=self._persona)

    async def after(self, what: Any) -> None:
        """The same bytes; and where one was the object, one line more for each look, before the same lines."""
        now, looks = await self._read()
        fresh = looks - self._looks
        if fresh == 0:
            assert now == self._seen, what
        else:
            assert _lines(now)[fresh:] == _lines(self._seen)[: 100 - fresh], what
        self._seen, self._looks = now, looks
        self.counted["operations"] += 1
        self.counted["looks at the one watched"] += fresh


def _lines(body: bytes) -> list[Any]:
    return list(json.loads(body)["data"]["me"]["accessHistory"]["edges"])


async def test_what_others_ask_never_changes_ones_trail(town: Town, figures: dict[str, int]) -> None:
    mine = (await town.grant("citizen-2", key="mine"))["grant"]["id"]
    look = {"q": {"grantId": mine, "stage": "PRE_LOAN", "operator": "甲"}}
    await town.data("bank-1", _LOOK, look)
    await seal(town.house)
    known = await known_values(town)
    known["grantId"] = [*known["grantId"] * 3, mine]
    watched, loop = _Watched(town, "citizen-2"), asyncio.get_running_loop()
    await watched.begin()

    async def one(asked: tuple[str, dict[str, Any]], persona: str) -> None:
        await town.ask(persona, *asked)
        await watched.after((persona, asked))
        if watched.counted["operations"] % 10 == 0:
            await town.data("bank-1", _LOOK, look)
            await watched.after("a look at the one watched")

    def run(asked: tuple[str, dict[str, Any]], persona: str) -> None:
        asyncio.run_coroutine_threadsafe(one(asked, persona), loop).result()

    drawn = given(operations(roots=_ROOTS, known=known), st.sampled_from(_OTHERS))(run)
    await asyncio.to_thread(_CALM(drawn))
    figures.update(watched.counted)
    assert watched.counted["operations"] > watched.counted["looks at the one watched"] > 0


async def test_what_others_do_never_changes_ones_trail(town: Town) -> None:
    """Acts as well; and to be asked is not to be looked at."""
    await seal(town.house)
    watched = _Watched(town, "citizen-2")
    await watched.begin()
    bank = await town.party("海津示例银行")
    made = await ask(town, "of another", subject={"identity": await identity(town, "citizen-7")})
    reject = {"grantId": made["grant"]["id"], "expectedVersion": 1}
    for what in (
        ask(town, "of the one watched", subject={"identity": await identity(town, "citizen-2")}),
        ask(town, "of nobody", subject={"identity": {"type": "PASSPORT", "number": "UTO-X1234567", "name": "无人"}}),
        town.act("citizen-7", "grantReject", reject, "replayed"),
        town.act("citizen-7", "partyBlock", {"partyId": bank}, "replayed"),
        town.grant("citizen-4", key="another's"),
        town.claim("citizen-1", await town.open_offer(), key="another's"),
    ):
        await what
        await watched.after("an act")
