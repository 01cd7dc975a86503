"""Each bound of a document at its most and one past it, and how often the pass that measures looks at anything."""

from collections.abc import Callable

import pytest
from graphql import parse

from core.errors import BadCall
from schema import bounds
from schema.bounds import MOST, too_large
from schema.documents import MOST_TOKENS, decided
from schema.root import graphql_schema


def _deep(depth: int) -> str:
    return "{ a " * depth + "}" * depth


# What a document of so many looks like.
_OF: dict[str, Callable[[int], str]] = {
    "depth": _deep,
    "fields": lambda many: "{" + " ".join(f"a{n}" for n in range(many)) + "}",
    "aliases": lambda many: "{" + "".join(f"b{n}: a " for n in range(many)) + "}",
    "directives": lambda many: "{ a " + "@skip(if: false) " * many + "}",
    "repeats": lambda many: "{ a { b } " + "a { b } " * many + "}",
}


@pytest.mark.parametrize("what", MOST)
def test_a_document_at_each_bound_and_one_past_it(what: str) -> None:
    most = MOST[what]
    assert not too_large(parse(_OF[what](most)))
    assert too_large(parse(_OF[what](most + 1)))
    # Neither a fragment nor another operation hides any of it.
    of = _OF[what](most + 1)
    assert too_large(parse(f"query A {{ b }} query B {{ ...F }} fragment F on Query {of}"))


def test_every_bound_has_its_document() -> None:
    assert set(_OF) == set(MOST)


def test_tokens_are_bounded_before_anything_is_looked_at() -> None:
    for tokens, code in ((MOST_TOKENS, "TOO_LARGE"), (MOST_TOKENS + 1, "PARSE_FAILED")):
        with pytest.raises(BadCall) as refused:
            decided(graphql_schema, "{" + "a " * (tokens - 2) + "}")
        assert refused.value.code == code


def test_a_document_is_looked_at_once_however_often_its_fragments_are_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    doublings = 100
    text = "{ ...F0 }" + "".join(f" fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} a }}" for n in range(doublings))
    node = parse(text + f" fragment F{doublings} on Query {{ a }}")
    visits, beside = [], bounds._Size.beside

    def counted(self: bounds._Size, other: bounds._Size) -> bounds._Size:
        visits.append(1)
        return beside(self, other)

    monkeypatch.setattr(bounds._Size, "beside", counted)
    assert too_large(node)
    spreads, fields = 2 * doublings + 1, doublings + 1
    # What each is worth is added once, its directives once, and a field itself once more.
    assert len(visits) <= 2 * spreads + 3 * fields
