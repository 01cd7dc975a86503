"""A state organ's programs read its shares by a scope of their own, and are stopped at the next page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jwt.algorithms import ECAlgorithm

from core.errors import Invalid
from core.moments import day_of
from core.principal import Scope
from oversight.sharing.tables import share
from parties import admission, clients, lookup
from parties.kinds import Post
from tests.harness import organs, sharing
from tests.harness.callers import Answered, Town
from tests.harness.everything import stored
from tests.parties.test_oauth import Client

_ORGAN = "XZSP"


class OrgansProgram(Client):
    """A program of an organ, that asks for tokens with its key."""

    async def begin(self, code: str = _ORGAN) -> "OrgansProgram":
        """Registered, with a key and a token."""
        at = datetime.now(UTC)
        async with self.town.house.database.writing() as unit:
            self.party_id = await lookup.find(unit, code) or ""
            self.id = await clients.register(unit, self.party_id, label="共享接收", scopes=[Scope.SHARE_READ], at=at)
            jwk = ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            key = clients.NewKey("k1", jwk, at - timedelta(minutes=1), at + timedelta(days=1))
            self.key_id = await clients.add_key(unit, self.party_id, self.id, key, at=at)
        self.bearer = {"Authorization": f"Bearer {await self.token()}"}
        return self

    async def read(self, share_id: str, *, first: int = 1, after: str | None = None) -> Answered:
        """One page."""
        asked = {"i": share_id, "n": first, "a": after}
        return await self.town.ask(None, sharing.READ, asked, headers=self.bearer)


async def _waiting(town: Town, count: int = 3) -> tuple[str, list[Any]]:
    """A share in which something waits."""
    adults = "s.kind = 'NATURAL_PERSON' AND s.adult_from <= CURRENT_DATE AND r.category = 'ADMINISTRATIVE'"
    rows = await sharing.records(town, where=adults, count=count)
    await sharing.move(town, rows, "129901")
    share_id = await sharing.agreed(town)
    await sharing.change(town, rows)
    return share_id, rows


async def _read_on(program: OrgansProgram, share_id: str, rows: list[Any]) -> str:
    """The first page, as it must be."""
    page = (await program.read(share_id))["data"]["shared"]
    assert ([one["id"] for one in page["changes"]], page["more"]) == ([rows[0].id], True)
    return str(page["cursor"])


@pytest.mark.parametrize("put_out", ["ended", "given back", "over", "key retired", "key frozen", "organ frozen"])
async def test_a_program_reads_until_its_share_key_or_organ_is_put_out(town: Town, put_out: str) -> None:
    share_id, rows = await _waiting(town)
    program = await OrgansProgram(town).begin()
    cursor = await _read_on(program, share_id, rows)
    frozen = {"target": "CLIENT_KEY", "id": program.key_id, "reason": "核查"}
    if put_out == "ended":
        await town.act("approver-1", "shareEnd", {"shareId": share_id}, "replayed")
    elif put_out == "given back":
        await town.act("agency-2", "shareGiveBack", {"shareId": share_id}, "replayed")
    elif put_out == "over":
        async with town.house.database.writing() as unit:
            over = day_of(datetime.now(UTC)) - timedelta(days=1)
            await unit.run(share.update().values(valid_until=over))
    elif put_out == "key retired":
        async with town.house.database.writing() as unit:
            await clients.retire_key(unit, program.party_id, program.key_id)
    elif put_out == "key frozen":
        assert (await town.act("officer-1", "partyFreeze", frozen, "frozen"))["frozen"]
    else:
        named = {**frozen, "target": "PARTY", "id": program.party_id}
        assert (await town.act("officer-1", "partyFreeze", named, "frozen"))["frozen"]
    before = await stored(town)
    stopped = await program.read(share_id, after=cursor)
    assert stopped.get("data") is None
    assert stopped.code == ("SHARE_STATE" if put_out in ("ended", "given back", "over") else "FORBIDDEN")
    assert rows[1].id not in stopped.response.text
    assert await stored(town) == before, "nothing was handed over, counted or logged"


async def test_it_goes_on_from_an_officers_cursor_and_its_looks_bear_its_name(town: Town) -> None:
    share_id, rows = await _waiting(town)
    program = await OrgansProgram(town).begin()
    officers = (await sharing.read(town, share_id, first=1))["data"]["shared"]["cursor"]
    page = (await program.read(share_id, first=100, after=officers))["data"]["shared"]
    assert [one["id"] for one in page["changes"]] == [row.id for row in rows[1:]]
    said = "SELECT count(*) FROM access WHERE basis = 'SHARE' AND operator = '共享接收' AND client = :c"
    assert await town.count(said, c=program.id) == len(rows) - 1


async def test_it_reads_its_own_organs_shares_and_nothing_else(town: Town) -> None:
    share_id, _ = await _waiting(town)
    program, other = await OrgansProgram(town).begin(), await OrgansProgram(town).begin("SWHY")
    anothers, none = await other.read(share_id), await other.read("shr_none")
    assert anothers.response.content == none.response.content
    assert anothers.code == "NOT_AVAILABLE"
    before = await stored(town)
    for document, variables in (
        (organs.MANDATES, {}),
        (organs.LOOK, await organs.query(town, "citizen-4")),
        ("{ recipient { party { name } } }", {}),
        (f'mutation {{ shareGiveBack(input: {{shareId: "{share_id}"}}) {{ __typename }} }}', {}),
    ):
        assert (await town.ask(None, document, variables, headers=program.bearer)).status == 403
    after = await stored(town)
    assert {name for name, rows in before.items() if after[name] != rows} <= {"access", "access_item"}, (
        "an attempt at most"
    )


async def test_an_organs_program_is_registered_by_its_manager_for_nothing_but_shares(town: Town) -> None:
    at = datetime.now(UTC)
    async with town.house.database.writing() as unit:
        party_id = await lookup.find(unit, _ORGAN) or ""
        await admission.employ(unit, party_id, label="管理员", post=Post.MANAGER)
        for scopes in ([Scope.AGENCY_LOOK], [Scope.SHARE_READ, Scope.GRANT_USE], [Scope.SHARE_APPROVE]):
            with pytest.raises(Invalid):
                await clients.register(unit, party_id, label="接收", scopes=scopes, at=at)
        for code in ("BANK1", "PARTNER1", "SCJG"):
            another = await lookup.find(unit, code) or ""
            with pytest.raises(Invalid):
                await clients.register(unit, another, label="接收", scopes=[Scope.SHARE_READ], at=at)
