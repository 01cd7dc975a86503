"""Every root field as schemathesis asks for it, from the SDL alone: whatever it comes up with is answered."""

from collections import Counter
from collections.abc import Mapping

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.graphql import nodes

from api.personas import PERSONAS
from schema.policy import ROOTS
from tests.harness.callers import Town
from tests.harness.scale import scaled
from tests.harness.servers import ROOT, Server

_EACH = scaled(1, 200)
_SDL = ROOT / "schema" / "schema.graphql"


def _scalars() -> None:
    """What ours look like: the SDL only names them."""
    schemathesis.graphql.scalar("Date", st.dates().map(lambda day: nodes.String(day.isoformat())))
    schemathesis.graphql.scalar("DateTime", st.datetimes().map(lambda at: nodes.String(f"{at.isoformat()}Z")))
    amounts = st.decimals(allow_nan=False, allow_infinity=False, places=2)
    schemathesis.graphql.scalar("Decimal", amounts.map(lambda amount: nodes.String(str(amount))))


def _headers(tokens: Mapping[str, str], root: str) -> Mapping[str, str]:
    """Somebody's token that may try it; nobody's where none is needed."""
    asked = ROOTS[root]
    names = [name for name, persona in PERSONAS.items() if asked.scope is None or asked.scope in persona.scopes]
    return {"Authorization": f"Bearer {tokens[names[0]]}"} if asked.signed_in else {}


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_whatever_the_schema_allows_is_answered(town: Town, figures: dict[str, int]) -> None:
    _scalars()
    tokens = {name: await town.token(name) for name in PERSONAS}
    with Server(town.house.settings, "schemathesis") as server:
        heard = _asked_everything(server.url, tokens)
    assert heard["data"] > len(ROOTS) // 4, heard
    figures.update(requests=heard.total(), with_data=heard["data"])


def _asked_everything(url: str, tokens: Mapping[str, str]) -> Counter[str]:
    """What was heard how often."""
    heard = Counter[str]()
    with httpx.Client(base_url=url, timeout=60) as http:
        for found in schemathesis.graphql.from_path(_SDL).get_all_operations():
            operation = found.ok()
            if operation.label in ROOTS:  # all but the subscription
                heard += _asked(http, operation, _headers(tokens, operation.label))
        assert http.get("/readyz").json() == {"state": "ready"}
    return heard


def _asked(http: httpx.Client, operation: schemathesis.APIOperation, headers: Mapping[str, str]) -> Counter[str]:
    heard = Counter[str]()

    @seed(7)
    @settings(
        max_examples=_EACH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        heard[_heard(http.post("/graphql", json={"query": case.body}, headers=headers), case.body)] += 1

    ask()
    return heard


def _heard(answer: httpx.Response, asked: str) -> str:
    """What kind of answer it is; each is JSON, and no error is one of ours."""
    assert answer.status_code < 500, (answer.text, asked)
    body = answer.json()
    for error in body.get("errors", ()):
        assert error["extensions"]["code"], (answer.text, asked)
        assert error["message"], (answer.text, asked)
    return "data" if body.get("data") else "refused"
