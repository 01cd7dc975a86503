"""A bank asks: what a phone is shown of it, and what the bank is answered then."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.moments import rfc3339
from tests.web.conftest import Running

_ASK = """mutation($i: GrantRequestInput!) { grantRequest(input: $i) { ... on GrantRequestPayload {
  grant { id status requestUrl } } ... on Refusal { code message details { path code } } } }"""
_LOOK = """query($q: GrantedQueryInput!) { granted(query: $q) {
  objections { filedAt } records(first: 100) { edges { node {
  title category objections { filedAt } } } } } }"""


def ask(server: Running, request_id: str, **changed: Any) -> dict[str, Any]:
    """The bank's request to whom `subject` names, or to whoever scans it."""
    input_ = {
        "requestId": request_id,
        "purpose": "FINANCING",
        "stages": ["PRE_LOAN"],
        "categories": ["ADMINISTRATIVE", "HONOUR", "JUDICIAL"],
        "validUntil": rfc3339(datetime.now(UTC) + timedelta(days=60)),
        "reason": "经营贷款审查",
        **changed,
    }
    found = server.ask("bank-1", _ASK, i=input_)["grantRequest"]
    assert "grant" in found, found
    return dict(found["grant"])


def look(server: Running, grant_id: str) -> list[dict[str, Any]]:
    """What the bank sees through a grant."""
    query = {"grantId": grant_id, "stage": "PRE_LOAN", "operator": "信贷员甲"}
    edges = server.ask("bank-1", _LOOK, q=query)["granted"]["records"]["edges"]
    return [edge["node"] for edge in edges]
