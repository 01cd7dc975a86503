"""A look in the making: what it reached, what it showed, and the row it becomes."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from audit.lens import Audience, BasisKind, Lens
from audit.looks import Look, Shape
from core.principal import Channel

_AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
_NAMES = st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=8), unique=True)


@given(_NAMES, st.randoms())
def test_a_shape_is_its_fields_in_any_order(fields: list[str], chance: object) -> None:
    mixed = list(fields)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert Shape.of(mixed) == Shape.of(fields)
    assert Shape.of(fields).fields == tuple(sorted(fields))


@given(_NAMES, _NAMES)
def test_two_shapes_have_one_id_only_when_they_are_one(one: list[str], other: list[str]) -> None:
    assert (Shape.of(one).id == Shape.of(other).id) == (set(one) == set(other))


def test_fields_that_join_to_one_text_are_still_two_shapes() -> None:
    assert Shape.of(["a,b"]).id != Shape.of(["a", "b"]).id


def _look(**said: object) -> Look:
    lens = Lens(Audience.RECIPIENT, BasisKind.GRANT, "sub_x", grant_id="grt_x")
    return Look(lens, "GRANT", Shape.of({"Me.name"}), "FINANCING", Channel.API, **said)  # type: ignore[arg-type]


def test_what_is_shown_is_counted_and_named_in_order() -> None:
    look = _look(grant_id="grt_x")
    for category in ("HONOUR", "ADMINISTRATIVE", "HONOUR"):
        look.show(category)
    look.codes |= {"b", "a"}
    row = look.row(_AT)
    assert (row["record_count"], row["categories"], row["codes"]) == (3, ["ADMINISTRATIVE", "HONOUR"], ["a", "b"])
    assert (row["subject_id"], row["basis"], row["channel"], row["grant_id"]) == ("sub_x", "GRANT", "API", "grt_x")
    assert (row["at"], row["shape_id"]) == (_AT, look.shape.id)


def test_a_look_keeps_its_id_and_two_looks_share_nothing() -> None:
    first, second = _look(), _look()
    first.show("HONOUR")
    assert (second.record_count, second.categories, second.codes) == (0, set(), set())
    assert first.row(_AT)["id"] == first.row(_AT)["id"] != second.row(_AT)["id"]


def test_an_attempt_at_nobody_says_why_and_about_nobody() -> None:
    look = Look(None, "GRANT", Shape.of({"Query.granted"}), "OTHER", Channel.API, refused="FORBIDDEN")
    row = look.row(_AT)
    assert (row["subject_id"], row["refused"], row["record_count"]) == (None, "FORBIDDEN", 0)
