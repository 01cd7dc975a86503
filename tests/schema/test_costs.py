"""What an operation costs: counted by hand, with the rows that its variables ask for, in time linear in its size."""

from collections.abc import Mapping

import pytest
from graphql import OperationDefinitionNode, parse

from schema import costs
from schema.costs import points_of
from schema.root import graphql_schema

_LOOKS = "me { accessHistory(first: %s) { edges { node { id } } pageInfo { hasNextPage } } }"
_F = "query($n: Int%s) {{ {} }}".format(_LOOKS % "$n")


def _points(text: str, variables: Mapping[str, object] | None = None) -> int:
    document = parse(text)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return points_of(graphql_schema, document, operation)(variables or {})


@pytest.mark.parametrize(
    ("text", "variables", "points"),
    [
        ("{ __typename }", {}, 1),
        ("{ __schema { types { fields { name } } } }", {}, 1),
        ("{ %s }" % (_LOOKS % "98"), {}, 1),  # me, the page, 98 looks
        ("{ %s }" % (_LOOKS % "99"), {}, 2),
        (_F % "", {"n": 98}, 1),
        (_F % "", {"n": 99}, 2),
        (_F % "", {"n": 10**9}, 2),  # is refused, as 101 is
        (_F % "", {"n": -5}, 1),
        (_F % "", {}, 1),  # twenty where nothing is said
        (_F % "", {"n": None}, 2),
        ("{ me { claims(first: 10) { edges { node { codes(first: 10) { digits } } } } } }", {}, 2),
        ("{ ...f ...f } fragment f on Query { %s }" % (_LOOKS % "49"), {}, 2),
        (
            "{ a: me { ...f } b: me { ...f } } fragment f on Me { accessHistory(first: 48) { edges { node { id } } } }",
            {},
            1,
        ),
        (
            "{ a: me { ...f } b: me { ...f } } fragment f on Me { accessHistory(first: 49) { edges { node { id } } } }",
            {},
            2,
        ),
        ("mutation { a: grantPause(input: {}) { __typename } }", {}, 5),
    ],
)
def test_points(text: str, variables: dict[str, object], points: int) -> None:
    assert _points(text, variables) == points


def test_a_fragment_that_doubles_is_counted_once_and_its_sum_ends_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    within = costs._within

    def counted(rows: object) -> int:
        nonlocal calls
        calls += 1
        return within(rows)

    monkeypatch.setattr(costs, "_within", counted)
    doubling = "".join(f" fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(60))
    text = f"query($n: Int) {{ ...f0 }}{doubling} fragment f60 on Query {{ {_LOOKS % '$n'} }}"
    assert _points(text, {"n": 1}) == costs._MOST // 100
    assert calls == 1
