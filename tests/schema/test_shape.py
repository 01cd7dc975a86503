"""The shape of the whole schema: every connection is cut to a page, every scalar says where it is specified."""

import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
    is_specified_scalar_type,
)

from core.errors import BadCall
from core.paging import LARGEST_PAGE, PageRequest
from schema.root import graphql_schema

_TYPES = [type_ for name, type_ in graphql_schema.type_map.items() if not name.startswith("__")]
_CONNECTIONS: dict[str, GraphQLField] = {
    f"{type_.name}.{name}": field
    for type_ in _TYPES
    if isinstance(type_, GraphQLObjectType)
    for name, field in type_.fields.items()
    if get_named_type(field.type).name.endswith("Connection")
}


def test_every_connection_asks_for_a_page_and_for_no_more_than_the_largest() -> None:
    assert len(_CONNECTIONS) >= 40
    for name, field in _CONNECTIONS.items():
        first, after = field.args["first"], field.args["after"]
        assert (str(first.type), str(after.type)) == ("Int!", "String"), name
        assert 1 <= int(first.default_value) <= LARGEST_PAGE, name
        assert "last" not in field.args, name
        assert "before" not in field.args, name


@pytest.mark.parametrize(("first", "fits"), [(-1, False), (0, False), (1, True), (100, True), (101, False)])
def test_no_page_is_larger_than_the_largest(first: int, fits: bool) -> None:
    if fits:
        assert PageRequest(first, None, None).first == first  # type: ignore[arg-type]
        return
    with pytest.raises(BadCall, match="PAGE_SIZE"):
        PageRequest(first, None, None)  # type: ignore[arg-type]


def test_every_scalar_of_ours_says_where_it_is_specified() -> None:
    own = [type_ for type_ in _TYPES if isinstance(type_, GraphQLScalarType) and not is_specified_scalar_type(type_)]
    assert {type_.name for type_ in own} == {"Date", "DateTime", "Decimal"}
    assert all((type_.specified_by_url or "").startswith("https://") for type_ in own)
