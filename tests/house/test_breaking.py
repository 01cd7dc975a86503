"""What breaks a client since the last release has its line in the changelog.

The baseline is `schema/released.graphql` (`make release`, docs/adr/0036). The line reads `- breaking: Type.field …`.
"""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from graphql import GraphQLSchema, build_schema, find_breaking_changes, print_ast

from schema.root import sdl
from tests.harness.servers import ROOT

_RELEASED = ROOT / "schema" / "released.graphql"
_COORDINATE = re.compile(r"\w+\.\w+(?:\(\w+:\))?|@\w+")


def _unsaid(released: str, current: str, changelog: str) -> list[str]:
    """Each break whose coordinate no line of the changelog's newest section names."""
    newest = changelog.split("\n## ")[1]
    said = set(re.findall(r"^- breaking: (\S+)", newest, re.MULTILINE))
    return [f"breaking: {what} — {how}" for what, how in _breaks(released, current) if what not in said]


# Most of what is compared is compared again.
_built, _sdl = cache(build_schema), cache(sdl)


def _breaks(released: str, current: str) -> Iterator[tuple[str, str]]:
    before, after = _built(released), _built(current)
    for change in find_breaking_changes(before, after):
        found = _COORDINATE.search(change.description)
        yield (found[0] if found else change.description.split()[0]), change.description
    demands = _demands(after)
    for coordinate, demand in _demands(before).items():
        if coordinate in demands and demands[coordinate] != demand:
            yield coordinate, f"{demand} became {demands[coordinate]}"


def _demands(schema: GraphQLSchema) -> dict[str, str]:
    """What a caller must show for each root field: graphql-core does not compare directives."""
    return {
        f"{root.name}.{name}": print_ast(directive)
        for root in (schema.query_type, schema.mutation_type)
        if root is not None
        for name, field in root.fields.items()
        for directive in (field.ast_node.directives if field.ast_node else ())
        if directive.name.value == "lens"
    }


def test_every_break_since_the_release_has_its_line() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    unsaid = _unsaid(_RELEASED.read_text("utf-8"), _sdl(), changelog)
    assert unsaid == [], "say it in CHANGELOG.md, or do not do it"


_LOG = "# Changelog\n\n## 2\n\n{}\n\n## 1\n\n- breaking: Query.me it was removed long ago\n"
_PLANTED = {
    "a field gone": ("  title: String! @privacy", "  heading: String! @privacy", "Offer.title"),
    "an argument gone": ("offer(id: ID!)", "offer(offerId: ID)", "Query.offer(id:)"),
    "null where none was": ("  requirement: String! @", "  requirement: String @", "Offer.requirement"),
    "an input that must be given": (
        "orderNumber: String = null",
        "orderNumber: String!",
        "ClaimRedeemInput.orderNumber",
    ),
    "a word gone": ("  REVOKED\n", "", "GrantStatus.REVOKED"),
    "a stronger sign-in": ('"score:manage", assurance: LOW', '"score:manage", assurance: HIGH', "Mutation.scoreClose"),
}


@pytest.mark.parametrize("case", _PLANTED)
def test_a_planted_break_without_a_line_is_found(case: str) -> None:
    before, after, coordinate = _PLANTED[case]
    released = _sdl()
    assert before in released
    broken = released.replace(before, after)
    found = _unsaid(released, broken, _LOG.format("- nothing said"))
    assert any(line.startswith(f"breaking: {coordinate} ") for line in found), found
    lines = "\n".join(f"- {line}" for line in found)
    assert _unsaid(released, broken, _LOG.format(lines)) == []


def test_what_only_adds_breaks_nothing() -> None:
    released = _sdl()
    wider = released.replace("type Offer {", "type Offer {\n  fresh: String").replace(
        "enum Sector {", "enum Sector {\n  NEW"
    )
    assert wider != released
    assert _unsaid(released, wider, _LOG.format("")) == []
