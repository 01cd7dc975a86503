"""Random documents over the real schema: any field, any argument, aliases, fragments, @skip and @include.

They are drawn without regard to the policy: what may not be asked is asked too, and must be refused.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)
from hypothesis import strategies as st

from schema.root import graphql_schema

Draw = st.DrawFn
_MARKS = "objections { filedAt }"
_MARKED = frozenset({"CreditRecord", "GrantedView", "AgencyView", "PublishedView", "PublicCreditEvaluation"})
_LOOK_ID = re.compile(rb"acc_[0-9a-z]{20}")


def without_look_ids(body: bytes) -> bytes:
    """An answer but for the ids of looks: the same question asked again is another look."""
    return _LOOK_ID.sub(b"acc_", body)


@st.composite
def documents(draw: Draw, *, roots: Sequence[str], known: Mapping[str, Sequence[str]]) -> str:
    """A query of one or two root fields. `known` offers real values for arguments by name."""
    query = graphql_schema.query_type
    assert query is not None
    writer = _Writer(draw, known)
    names = draw(st.lists(st.sampled_from(list(roots)), min_size=1, max_size=2))
    fields = [f"r{n}: {writer.field(name, query.fields[name], 4)}" for n, name in enumerate(names)]
    return "{ " + " ".join(fields) + " }" + "".join(writer.fragments)


@st.composite
def operations(draw: Draw, *, roots: Sequence[str], known: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, Any]]:
    """Like `documents`, with variables in arguments, @skip and @include, and values for them; now and then bad ones."""
    query = graphql_schema.query_type
    assert query is not None
    writer = _Writer(draw, known, variables={})
    names = draw(st.lists(st.sampled_from(list(roots)), min_size=1, max_size=2))
    fields = [f"r{n}: {writer.field(name, query.fields[name], 4)}" for n, name in enumerate(names)]
    assert writer.variables is not None
    head = ", ".join(f"${name}: {type_}" for name, (type_, _) in writer.variables.items())
    values = {name: value for name, (_, value) in writer.variables.items()}
    if values and draw(st.integers(0, 9)) == 0:
        values[draw(st.sampled_from(sorted(values)))] = draw(st.sampled_from([None, "x", 7, [], {"a": 1}]))
    document = f"query {f'({head}) ' if head else ''}{{ " + " ".join(fields) + " }" + "".join(writer.fragments)
    return document, values


class _Writer:
    def __init__(
        self,
        draw: Draw,
        known: Mapping[str, Sequence[str]],
        variables: dict[str, tuple[str, Any]] | None = None,
    ) -> None:
        self._draw = draw
        self._known = known
        self.fragments: list[str] = []
        self.variables = variables

    def field(self, name: str, definition: GraphQLField, depth: int) -> str:
        text = name + self._arguments(definition.args)
        inner = get_named_type(definition.type)
        if isinstance(inner, GraphQLObjectType):
            text += " " + self._selection(inner, depth)
        return text

    def _selection(self, type_: GraphQLObjectType, depth: int) -> str:
        choices = [n for n, f in type_.fields.items() if depth > 1 or not is_composite_type(get_named_type(f.type))]
        # The plumbing of connections is always taken, or random documents would seldom reach a row.
        always = [n for n in ("edges", "node") if n in type_.fields]
        chosen = always or self._draw(st.lists(st.sampled_from(choices or ["__typename"]), min_size=1, max_size=5))
        parts = ["__typename"] if self._draw(st.booleans()) else []
        for number, name in enumerate(chosen):
            if name == "__typename":
                continue
            alias = f"a{number}: " if name not in always and self._draw(st.integers(0, 3)) == 0 else ""
            directive = self._directive()
            field = self.field(name, type_.fields[name], depth - (name not in always))
            head, brace, rest = field.partition(" {")
            parts.append(f"{alias or f'f{number}: '}{head}{directive}{brace}{rest}")
        if type_.name in _MARKED and self._draw(st.integers(0, 4)):
            parts.append(_MARKS)
        body = "{ " + " ".join(parts or ["__typename"]) + " }"
        return self._wrapped(body, type_)

    def _directive(self) -> str:
        if self.variables is None:
            return self._draw(st.sampled_from(["", "", "", " @skip(if: false)", " @include(if: true)"]))
        kind = self._draw(st.integers(0, 7))
        if kind > 1:
            return ""
        flag = f"b{self._draw(st.integers(0, 2))}"
        self.variables.setdefault(flag, ("Boolean!", self._draw(st.booleans())))
        return f" @{('skip', 'include')[kind]}(if: ${flag})"

    def _wrapped(self, body: str, type_: GraphQLObjectType) -> str:
        kind = self._draw(st.integers(0, 5))
        if kind == 0:
            name = f"F{len(self.fragments)}"
            self.fragments.append(f" fragment {name} on {type_.name} {body}")
            return f"{{ ...{name} }}"
        if kind == 1:
            return f"{{ ... on {type_.name} {body} }}"
        return body

    def _arguments(self, arguments: Mapping[str, GraphQLArgument]) -> str:
        given = []
        for name, argument in arguments.items():
            needed = is_required_argument(argument)
            if needed or self._draw(st.integers(0, 3)) == 0:
                given.append(f"{name}: {self._given(name, argument.type)}")
        return f"({', '.join(given)})" if given else ""

    def _given(self, name: str, type_: Any) -> str:
        if self.variables is None or self._draw(st.booleans()):
            return self._value(name, type_)
        variable = f"v{len(self.variables)}"
        self.variables[variable] = (str(type_), self._json(name, type_))
        return f"${variable}"

    def _json(self, name: str, type_: Any) -> Any:
        """A variable's value: what `_value` writes, as JSON."""
        if isinstance(type_, GraphQLNonNull):
            return self._json(name, type_.of_type)
        if isinstance(type_, GraphQLList):
            return [self._json(name, type_.of_type) for _ in range(self._draw(st.integers(0, 2)))]
        if isinstance(type_, GraphQLInputObjectType):
            fields = {n: f for n, f in type_.fields.items() if is_required_input_field(f) or self._draw(st.booleans())}
            return {n: self._json(n, f.type) for n, f in fields.items()}
        if isinstance(type_, GraphQLEnumType):
            return self._draw(st.sampled_from(self._members(name, type_)))
        if name in self._known:
            return self._draw(st.sampled_from(list(self._known[name])))
        return json.loads(self._draw(st.sampled_from(_SAMPLES[type_.name])))

    def _members(self, name: str, type_: GraphQLEnumType) -> list[str]:
        """An enum's members that are known to lead somewhere under this name, or all of them."""
        return [value for value in self._known.get(name, ()) if value in type_.values] or list(type_.values)

    def _value(self, name: str, type_: Any) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._value(name, type_.of_type)
        if isinstance(type_, GraphQLList):
            return "[" + ", ".join(self._value(name, type_.of_type) for _ in range(self._draw(st.integers(0, 2)))) + "]"
        if isinstance(type_, GraphQLInputObjectType):
            fields = {n: f for n, f in type_.fields.items() if is_required_input_field(f) or self._draw(st.booleans())}
            return "{" + ", ".join(f"{n}: {self._value(n, f.type)}" for n, f in fields.items()) + "}"
        if isinstance(type_, GraphQLEnumType):
            return self._draw(st.sampled_from(self._members(name, type_)))
        if name in self._known:
            return self._draw(st.sampled_from([f'"{value}"' for value in self._known[name]]))
        return self._draw(st.sampled_from(_SAMPLES[type_.name]))


_SAMPLES = {
    "Int": ["1", "2", "20", "100", "0", "101"],
    "Boolean": ["true", "false"],
    "String": ['"x"', '""', '"海津"'],
    "ID": ['"x"', '"rec_00000000000000000000"'],
    "Date": ['"2026-01-01"', '"2030-12-31"'],
    "DateTime": ['"2026-01-01T00:00:00Z"'],
    "Decimal": ['"1.00"'],
}
