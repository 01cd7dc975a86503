"""What a demonstration says when it starts: where to look, and one command to paste for each walk."""

from datetime import datetime

import click

from api import personas
from api.house import House
from api.settings import DEMONSTRATION_ISSUER
from audit.lens import Audience, BasisKind, Lens
from core.cursors import Sealer
from core.database import Unit
from core.paging import PageRequest
from core.principal import Principal
from grants import listing
from grants.scope import GrantStatus
from incentives import offers
from parties import callers
from parties.callers import Caller

_TEXT = """
海河信用（演示） http://{host}:{port}/
  GraphiQL   http://{host}:{port}/graphql      personas   http://{host}:{port}/sign-in
  ready      http://{host}:{port}/readyz

1. 本人查询 a citizen reads their own record:
{one}

2. 授权查询 a bank reads what that citizen granted:
{two}

3. 核销权益 the citizen takes an offer, the till redeems its code:
{three}
"""


async def say(house: House, *, at: datetime) -> None:
    """Print the welcome; the tokens in it live a quarter of an hour."""
    async with house.database.reading() as unit:
        words = await _Words.gather(house, unit, at)
    click.echo(words.text(house))


class _Words:
    """Tokens and ids that the commands need."""

    def __init__(self, tokens: dict[str, str], grant_id: str, offer_id: str) -> None:
        self._tokens = tokens
        self._grant_id = grant_id
        self._offer_id = offer_id

    @classmethod
    async def gather(cls, house: House, unit: Unit, at: datetime) -> "_Words":
        tokens = {}
        for name in ("citizen-1", "bank-1", "till-1"):
            party_id = await personas.party_of(unit, name)
            tokens[name] = personas.mint(house.rings, name, party_id, audience=house.settings.audience, at=at)
        citizen: Caller = await callers.identify(unit, Principal(DEMONSTRATION_ISSUER, "citizen-1", ""), at=at)
        first = PageRequest(1, None, Sealer(unit.vault, "welcome"))
        lens = Lens(Audience.SUBJECT, BasisKind.SELF, citizen.subject_id or "")
        grants = await listing.of_subject(unit, lens, first, [GrantStatus.ACTIVE], at=at)
        found = await offers.page(unit, first, at=at)
        return cls(
            tokens,
            grants.items[0].id if grants.items else "grt_none",
            found.items[0].id if found.items else "ofr_none",
        )

    def text(self, house: House) -> str:
        url = f"http://{house.settings.host}:{house.settings.port}/graphql"
        one = _curl(
            url,
            self._tokens["citizen-1"],
            "{ me { name identity { type masked } scoreStatus records(first: 20) { edges { node { title authority "
            "dateLabel occurredOn items { label value } objections { filedAt } } } } accessHistory(includeOwn: true) "
            "{ edges { node { summary fields } } } } }",
        )
        two = _curl(
            url,
            self._tokens["bank-1"],
            f'{{ granted(query: {{grantId: \\"{self._grant_id}\\", stage: PRE_LOAN, operator: \\"甲\\"}}) {{ grant '
            "{ status validUntil } subject { name identity { masked } } objections { filedAt } "
            "records { edges { node { category title items { label value } objections { filedAt } } } } } }",
        )
        three = (
            f"HAIHE={url} CITIZEN={self._tokens['citizen-1']} \\\n  TILL={self._tokens['till-1']} \\\n"
            f"  OFFER={self._offer_id} sh docs/walks/redeem.sh"
        )
        settings = house.settings
        return _TEXT.format(host=settings.host, port=settings.port, one=one, two=two, three=three)


def _curl(url: str, token: str, document: str) -> str:
    return (
        f"curl -s {url} -H 'Authorization: Bearer {token}' \\\n  -H 'Content-Type: application/json' "
        f'-d \'{{"query": "{document}"}}\''
    )
