"""Whoever writes a name almost right is not told which name there is (clairvoyance asks for nothing else)."""

import pytest

from tests.harness.callers import Town

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_NOTICE_OF = "query($q: ConsentNoticeQueryInput!) { consentNotice(query: $q) { hash } }"
_ALMOST = {
    "a field": ("{ offers { edges { node { titel } } } }", {}),
    "a root": ("{ offer { titel } }", {}),
    "an argument": ("{ offers(frist: 1) { pageInfo { hasNextPage } } }", {}),
    "a directive's argument": ("{ __typename @include(iff: true) }", {}),
    "a fragment's type": ("{ offers { edges { node { ... on Offr { id } } } } }", {}),
    "a variable's type": ("query($q: ConsentNoticeQueryInputt!) { consentNotice(query: $q) { hash } }", {}),
    "an enum's value": ("{ consentNotice(query: {kind: CLAIMM}) { hash } }", {}),
    "an input's field": ("{ consentNotice(query: {knd: CLAIM}) { hash } }", {}),
    "an enum's value in a variable": (_NOTICE_OF, {"q": {"kind": "CLAIMM"}}),
    "an input's field in a variable": (_NOTICE_OF, {"q": {"kind": "CLAIM", "knd": "CLAIM"}}),
}


@pytest.mark.parametrize("almost", list(_ALMOST))
@pytest.mark.parametrize("persona", [None, "citizen-1"])
async def test_suggestions_give_nothing_away(town: Town, persona: str | None, almost: str) -> None:
    document, variables = _ALMOST[almost]
    refused = await town.ask(persona, document, variables)
    assert refused["errors"]
    assert "did you mean" not in refused.response.text.lower()
