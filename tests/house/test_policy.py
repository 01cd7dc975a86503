"""The policy table, the schema and the SDL say the same, field by field."""

import copy

import pytest
import strawberry
from graphql import InputObjectTypeDefinitionNode, ObjectTypeDefinitionNode, parse

import schema
from core.principal import Assurance, Scope
from schema import directives
from schema.audiences import Entry, Lens, Level, Root
from schema.policy import ENTRIES, ROOTS
from schema.root import graphql_schema, sdl
from tests.harness.servers import ROOT


def _from_sdl(text: str) -> tuple[dict[str, Entry], dict[str, Root]]:
    """The table, rebuilt from nothing but the printed schema."""
    entries, roots = {}, {}
    for type_ in parse(text).definitions:
        if not isinstance(type_, ObjectTypeDefinitionNode | InputObjectTypeDefinitionNode):
            continue
        for field in type_.fields or ():
            coordinate = f"{type_.name.value}.{field.name.value}"
            for directive in field.directives or ():
                given = {argument.name.value: argument.value for argument in directive.arguments or ()}
                if directive.name.value == "privacy":
                    lenses = frozenset(Lens(value.value) for value in given["lenses"].values)  # type: ignore[attr-defined]
                    entries[coordinate] = Entry(Level(given["level"].value), lenses)  # type: ignore[attr-defined]
                elif directive.name.value == "lens":
                    scope = getattr(given["scope"], "value", None)
                    roots[coordinate] = Root(
                        Lens(given["name"].value),  # type: ignore[attr-defined]
                        Scope(scope) if scope else None,
                        Assurance[given["assurance"].value],  # type: ignore[attr-defined]
                        given["signedIn"].value,  # type: ignore[attr-defined]
                        "takesBack" in given and given["takesBack"].value,  # type: ignore[attr-defined]
                    )
    return entries, roots


def test_the_table_rebuilt_from_the_sdl_is_the_table_enforced() -> None:
    entries, roots = _from_sdl(sdl())
    assert entries == dict(ENTRIES)
    assert roots == dict(ROOTS)


def test_the_sdl_printed_from_the_rebuilt_table_is_the_sdl(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sdl()
    entries, roots = _from_sdl(before)
    monkeypatch.setattr(directives, "ENTRIES", entries)
    monkeypatch.setattr(directives, "ROOTS", roots)
    fields = [field for _, field in directives._fields(graphql_schema)]
    kept = [copy.copy(field.directives) for field in fields]
    for field in fields:
        field.directives = ()
    try:
        directives.annotate(graphql_schema)
        assert sdl() == before
    finally:
        for field, had in zip(fields, kept, strict=True):
            field.directives = had


def test_a_field_without_an_entry_breaks_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = {name: entry for name, entry in ENTRIES.items() if name != "Me.name"}
    monkeypatch.setattr(directives, "ENTRIES", lacking)
    with pytest.raises(directives.PolicyMismatch, match=r"without a policy: Me\.name"):
        directives.annotate(_bare("name"))


def test_an_entry_without_a_field_breaks_the_build() -> None:
    with pytest.raises(directives.PolicyMismatch, match=r"without a field: .*Me\.name"):
        directives.annotate(_bare("other"))


def _bare(field: str) -> object:
    """A schema of one type `Me` with one field."""
    me = strawberry.type(type("Me", (), {"__annotations__": {field: str}}))
    query = strawberry.type(type("Query", (), {"__annotations__": {"me": me}}))
    return strawberry.Schema(query)._schema


def test_the_checked_in_sdl_is_current() -> None:
    assert (ROOT / "schema" / "schema.graphql").read_text("utf-8") == sdl(), "run `make schema`"


def test_schema_is_our_package() -> None:
    assert schema.__file__ == str(ROOT / "schema" / "__init__.py")


def test_no_till_or_partner_reaches_anything_about_a_person() -> None:
    """Art. 11 rewards: merchants learn one bit (design §3)."""
    for coordinate, entry in ENTRIES.items():
        if {Lens.TILL, Lens.PARTNER} & entry.lenses:
            assert entry.level in (Level.OPEN, Level.OWN), coordinate


def test_nobody_but_the_subject_reaches_a_score_or_an_eligibility() -> None:
    for coordinate, entry in ENTRIES.items():
        if coordinate.split(".")[0] in {"HaiheScore", "ScoreFactor", "ConditionGap", "MyOffer", "Claim", "ClaimCode"}:
            assert entry.lenses == {Lens.ME}, coordinate


def test_no_argument_asks_for_a_score_or_a_person() -> None:
    """Incentive only: nothing can be listed or counted by a threshold or looked up by identity at a till."""
    for name, type_ in graphql_schema.type_map.items():
        for field_name, field in getattr(type_, "fields", {}).items():
            for argument in getattr(field, "args", {}):
                assert not {"score", "threshold", "tier", "mintier", "identity"} & {argument.lower()}, (
                    name,
                    field_name,
                )


def test_every_scope_in_the_enum_guards_a_root() -> None:
    assert {root.scope for root in ROOTS.values() if root.scope} == set(Scope)
