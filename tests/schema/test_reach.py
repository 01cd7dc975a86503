"""What a document reaches, decided once: fragments, aliases and variables hide nothing."""

import pytest

from core.errors import BadCall
from schema.documents import refuse_variables
from schema.library import Library

_LIBRARY = Library(demonstration=True)
_HEAD = 'granted(query: {grantId: "x", operator: "x"})'
_ALL = "objections { filedAt } records"
_OUTSIDE = {
    "a plain field": f"{{ {_HEAD} {{ {_ALL} {{ edges {{ node {{ scoreUntil objections {{ filedAt }} }} }} }} }} }}",
    "an alias": f"{{ {_HEAD} {{ {_ALL} {{ edges {{ node {{ title: scoreUntil objections {{ filedAt }} }} }} }} }} }}",
    "a fragment": f"{{ {_HEAD} {{ ...V }} }} fragment V on GrantedView {{ {_ALL} {{ edges {{ node {{ ...R }} }} }} }} "
    "fragment R on CreditRecord { repair objections { filedAt } }",
    "an inline fragment": f"{{ ... on Query {{ {_HEAD} {{ {_ALL} {{ edges {{ node {{ ... on CreditRecord {{ repair "
    "objections { filedAt } } } } } } } }",
    "behind @include": f"query($b: Boolean!) {{ {_HEAD} {{ {_ALL} {{ edges {{ node {{ repair @include(if: $b) "
    "objections { filedAt } } } } } }",
    "an argument": f"{{ {_HEAD} {{ {_ALL}(filter: {{includeEnded: true}}) {{ edges {{ cursor }} }} }} }}",
    "beside an honest root": '{ offers { edges { cursor } } published(query: {name: "x"}) { records { edges { node '
    "{ scoreUntil } } } } }",
}


@pytest.mark.parametrize("_case", _OUTSIDE)
def test_what_is_outside_the_lens_is_refused(_case: str) -> None:
    problem = _LIBRARY.text(_OUTSIDE[_case]).operation(None).problem
    assert problem is not None
    assert problem.code == "FIELD_NOT_ALLOWED"


_UNMARKED = {
    "without the mark": "title",
    "the mark behind @skip": "title objections @skip(if: true) { filedAt }",
    "the mark in a fragment behind @include": "title ... @include(if: false) { objections { filedAt } }",
    "another field by the mark's name": "objections: title",
}


@pytest.mark.parametrize("_case", _UNMARKED)
def test_a_record_is_not_selected_without_its_mark(_case: str) -> None:
    document = f"{{ {_HEAD} {{ {_ALL} {{ edges {{ node {{ {_UNMARKED[_case]} }} }} }} }} }}"
    problem = _LIBRARY.text(document).operation(None).problem
    assert problem is not None
    assert problem.code == "MARK_REQUIRED"


def test_the_mark_may_come_by_fragment_and_under_an_alias() -> None:
    document = f"{{ {_HEAD} {{ {_ALL} {{ edges {{ node {{ ...R }} }} }} }} }} fragment R on CreditRecord "
    document += "{ title marks: objections { filedAt } }"
    assert _LIBRARY.text(document).operation(None).problem is None


def test_a_variable_is_decided_by_its_value() -> None:
    document = f"query($f: RecordFilter) {{ {_HEAD} {{ {_ALL}(filter: $f) {{ edges {{ cursor node {{ objections "
    document += "{ filedAt } } } } } }"
    operation = _LIBRARY.text(document).operation(None)
    assert operation.problem is None
    refuse_variables(operation, {"f": {"categories": ["HONOUR"]}})
    with pytest.raises(BadCall, match="FIELD_NOT_ALLOWED"):
        refuse_variables(operation, {"f": {"includeEnded": False}})


def test_a_variables_default_is_decided_too() -> None:
    document = (
        "query($f: RecordFilter = {includeEnded: true}) " + f"{{ {_HEAD} {{ {_ALL}(filter: $f) {{ edges {{ cursor "
    )
    document += "node { objections { filedAt } } } } } }"
    problem = _LIBRARY.text(document).operation(None).problem
    assert problem is not None
    assert problem.code == "FIELD_NOT_ALLOWED"


def test_the_shape_names_what_is_personal_and_nothing_else() -> None:
    operation = _LIBRARY.text("{ me { name offers { edges { node { offer { title } eligible } } } } }").operation(None)
    shape = operation.reaches["me"].shape
    assert shape.fields == ("Me.name", "Me.offers", "MyOffer.eligible")


def test_a_document_is_decided_once_and_the_library_is_bounded() -> None:
    library = Library(demonstration=True, kept_bytes=100_000)
    first = library.text("{ offers { edges { cursor } } }")
    assert library.text("{ offers { edges { cursor } } }") is first
    for number in range(50):
        library.text(f"query Q{number} {{ offers {{ edges {{ cursor }} }} }}")
    assert library.text("{ offers { edges { cursor } } }") is not first
    assert len(library._texts._kept) < 10
