"""The policy table, the schema and the SDL say the same, field by field."""

import copy
import re

import pytest
import strawberry
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLUnionType,
    InputObjectTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    get_named_type,
    parse,
)

import schema
from core.principal import Assurance, Scope
from incentives import tables
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


_THRESHOLD = re.compile(r"tier|score|threshold|band", re.IGNORECASE)
_ELIGIBLE = re.compile(r"eligib|qualif|ineligib|unmet|below|fail|denied", re.IGNORECASE)
_PUT_OFF = re.compile(r"defer|finish|overdue|outcome|returned|paid", re.IGNORECASE)
_DEFAULTED = re.compile(r"defaulted|overdue|unpaid|arrear|breach|delinquen", re.IGNORECASE)
# What says of anybody whether they meet a condition, or how near they are to one.
_STANDING = {"HaiheScore", "ScoreBand", "ScoreFactor", "ScoreScale", "MyOffer", "ConditionGap"}
# Where offers, and what becomes of them, are read by anybody but the one who takes them.
_OFFERED = ("Offer", "Partner", "Store", "Benefit", "Redemption", "Settlement")
# Everything of these that is a number: claims and receipts, and tiers, versions, days. People are counted in one place,
# those who took something, in a table that withholds and rounds (ADR 0140); who met no condition is in no number.
_COUNTED = {
    "Offer": {"version", "perPerson"},
    "Benefit": {"days"},
    "OfferVersion": {"number", "perPerson", "stock"},
    "OfferCondition": {"tier"},
    "OfferStock": {"total", "left", "committed"},
    "OfferStep": {"version", "number"},
    "Settlement": {"count"},
    "SettlementLine": {"count"},
    "PartnerStatistics": {"redeemed", "reversed"},
    "OfferStatistics": {"redeemed", "reversed"},
    "PartnerPeople": {"atLeast", "roundedTo", "people", "unused"},
    "OfferPeople": {"people", "unused"},
    "StorePeople": {"people"},
    "OfferFigures": {"published", "redeemed", "undone"},
}


def _reached(root: GraphQLField) -> dict[str, GraphQLObjectType]:
    """Every object type that a root field leads to, by name."""
    found: dict[str, GraphQLObjectType] = {}
    waiting = [get_named_type(root.type)]
    while waiting:
        type_ = waiting.pop()
        if isinstance(type_, GraphQLUnionType):
            waiting += type_.types
        elif isinstance(type_, GraphQLObjectType) and type_.name not in found:
            found[type_.name] = type_
            waiting += [get_named_type(field.type) for field in type_.fields.values()]
    return found


def _roots() -> dict[str, GraphQLField]:
    kinds = {"Query": graphql_schema.query_type, "Mutation": graphql_schema.mutation_type}
    return {f"{name}.{field}": made for name, type_ in kinds.items() if type_ for field, made in type_.fields.items()}


def test_no_operation_lists_counts_or_marks_who_fails_a_condition() -> None:
    """Art. 11 is an incentive. Whether somebody meets a condition is said to that person alone, of that person alone:
    no root but their own leads to it; what others read of offers leads to nobody, and counts nobody."""
    for coordinate, root in _roots().items():
        reached = _reached(root)
        if ROOTS[coordinate].lens is not Lens.ME:
            assert not _STANDING & set(reached), coordinate
        offered = {name: type_ for name, type_ in reached.items() if name.startswith(_OFFERED)}
        if ROOTS[coordinate].lens is Lens.ME or not offered:
            continue
        for name, type_ in offered.items():
            numbers = {field for field, made in type_.fields.items() if get_named_type(made.type) is GraphQLInt}
            assert numbers == _COUNTED.get(name, set()), (coordinate, name)
            for field in type_.fields:
                assert ENTRIES[f"{name}.{field}"].level in (Level.OPEN, Level.OWN), (name, field)
            for inner in _reached(GraphQLField(type_)).values():
                levels = {ENTRIES[f"{inner.name}.{field}"].level for field in inner.fields}
                assert levels <= {Level.OPEN, Level.OWN}, (coordinate, name, inner.name)


def test_what_one_reads_of_offers_leads_to_nobody_else() -> None:
    """From an offer as it concerns oneself, and from what one has taken of it, no other subject is reached."""
    others = {"SubjectCard", "Identity", "Me", "Helper", "Actor", "CreditRecord"}
    for name in ("MyOffer", "Claim", "Offer"):
        type_ = graphql_schema.type_map[name]
        assert isinstance(type_, GraphQLObjectType)
        assert not others & set(_reached(GraphQLField(type_))), name


def test_nothing_says_how_what_was_put_off_was_settled() -> None:
    """免押 and 先享后付 end by one word. A second one would be read as a default, and Art. 11 knows no penalties."""
    ending = graphql_schema.type_map["DeferralFinishInput"]
    assert isinstance(ending, GraphQLInputObjectType)
    assert set(ending.fields) == {"redemptionId"}
    assert {column.name for column in tables.deferral.columns} == {"redemption_id", "cents", "due_at", "ended_at"}
    told = {"deferredYuan", "deferredUntil", "finishedAt"}
    for name in ("Redemption", "Claim"):
        type_ = graphql_schema.type_map[name]
        assert isinstance(type_, GraphQLObjectType)
        assert {field for field in type_.fields if _PUT_OFF.search(field)} == told
    words = {name for name in graphql_schema.type_map if _DEFAULTED.search(name)}
    fields = {
        f"{name}.{field}"
        for name, type_ in graphql_schema.type_map.items()
        if isinstance(type_, GraphQLObjectType | GraphQLInputObjectType)
        and name.startswith((*_OFFERED, "Claim", "Defer"))
        for field in type_.fields
        if _DEFAULTED.search(field)
    }
    assert words | fields == set()
    for floor in ("credit", "intake", "objections", "grants", "audit"):
        assert not [path for path in (ROOT / floor).rglob("*.py") if "deferral" in path.read_text("utf-8").lower()]


def test_only_a_reviewed_offer_names_a_threshold_and_only_ones_own_view_an_eligibility() -> None:
    """A question with a threshold of one's own choosing would be an oracle (design §3)."""
    asked: set[str] = set()
    takes: set[str] = set()
    for name, type_ in graphql_schema.type_map.items():
        if isinstance(type_, GraphQLInputObjectType):
            asked |= {f"{name}.{field}" for field in type_.fields if _THRESHOLD.search(field)}
            if "ConditionInput" in {get_named_type(field.type).name for field in type_.fields.values()}:
                takes.add(name)
        if isinstance(type_, GraphQLObjectType):
            asked |= {f"{name}.{field}" for field in type_.fields if _ELIGIBLE.search(field)}
            for field, made in type_.fields.items():
                asked |= {
                    f"{name}.{field}({one})" for one in made.args if (_THRESHOLD.search(one) or _ELIGIBLE.search(one))
                }
                assert all(get_named_type(one.type).name != "ConditionInput" for one in made.args.values())
    assert takes == {"ConditionInput", "OfferDraftInput", "OfferReviseInput"}
    # Failures of deliveries; a department's own model, which is tried on values that it states and on nobody.
    others = {"Webhook.failures", "IndustryModelDraftInput.scorecard", "IndustryModelReviseInput.scorecard"}
    assert asked - others == {
        "ConditionInput.tier",
        "MyOffer.eligible",
        "Me.offers(eligibleOnly)",
    }
