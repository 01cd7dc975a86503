"""What a document reaches through each of its root fields: found once per document, in time linear in its size.

Fragments are walked once each however often they are spread, so a small document cannot ask for much work.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    InlineFragmentNode,
    ListTypeNode,
    ListValueNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TypeNode,
    ValueNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_composite_type,
    visit,
)
from graphql.type import GraphQLNamedType

from schema.policy import MARKED


@dataclass
class Found:
    """Every coordinate, those of output fields, variables by their input type, record filters, unmarked values, and
    the root's own `query` argument."""

    coordinates: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    variables: dict[str, GraphQLInputType] = field(default_factory=dict)
    filters: list[tuple[ValueNode, GraphQLInputType]] = field(default_factory=list)
    unmarked: set[str] = field(default_factory=set)
    query: tuple[ValueNode, GraphQLInputType] | None = None

    def add(self, other: "Found") -> None:
        """Everything the other found too."""
        self.coordinates |= other.coordinates
        self.shown |= other.shown
        self.variables |= other.variables
        self.filters += other.filters
        self.unmarked |= other.unmarked


class _Conditions(Visitor):
    """Gathers the variables that stand in @skip and @include."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        self.names |= {a.value.name.value for a in node.arguments or () if isinstance(a.value, VariableNode)}


class Walker:
    """Walks one document's selections: all of them, or those that values `given` for its variables select."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, given: Mapping[str, object] | None = None
    ) -> None:
        self._schema = schema
        self._given = given
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._done: dict[str, Found] = {}
        conditions = _Conditions()
        visit(document, conditions)
        self.conditions = tuple(sorted(conditions.names))

    def roots(self, selections: SelectionSetNode, root: GraphQLObjectType) -> list[tuple[str, str, Found]]:
        """Each root field as (response key, field name, what it reaches), fragments opened."""
        found: list[tuple[str, str, Found]] = []
        for node in self._flat(selections, set()):
            name = node.name.value
            if not name.startswith("__"):
                key = node.alias.value if node.alias else name
                reached = self._field(node, root)
                asked = {argument.name.value: argument.value for argument in node.arguments or ()}
                if "query" in asked:
                    reached.query = (asked["query"], root.fields[name].args["query"].type)
                found.append((key, name, reached))
            elif name != "__typename":
                found.append((name, name, Found({f"Query.{name}"})))
        return found

    def defaults(self, operation: OperationDefinitionNode) -> dict[str, set[str]]:
        """The input coordinates that each variable's default value touches."""
        touched: dict[str, set[str]] = {}
        for definition in operation.variable_definitions or ():
            named = _named(definition.type)
            if definition.default_value is not None and named in self._schema.type_map:
                found = Found()
                self._input(definition.default_value, self._schema.type_map[named], found)
                touched[definition.variable.name.value] = found.coordinates
        return touched

    def _flat(self, selections: SelectionSetNode, opened: set[str]) -> Iterable[FieldNode]:
        for node in filter(self._is_taken, selections.selections):
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._flat(node.selection_set, opened)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in opened:
                opened.add(node.name.value)
                yield from self._flat(self._fragments[node.name.value].selection_set, opened)

    def _selections(self, selections: SelectionSetNode, parent: GraphQLNamedType) -> Found:
        found = Found()
        for node in filter(self._is_taken, selections.selections):
            if isinstance(node, FieldNode):
                found.add(self._field(node, parent))
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self._schema.type_map[condition.name.value] if condition else parent
                found.add(self._selections(node.selection_set, inner))
            elif isinstance(node, FragmentSpreadNode):
                found.add(self._fragment(node.name.value))
        return found

    def _is_taken(self, node: SelectionNode) -> bool:
        return self._given is None or not any(
            _leaves_out(directive, self._given) for directive in node.directives or ()
        )

    def _fragment(self, name: str) -> Found:
        if name not in self._done:
            node = self._fragments[name]
            parent = self._schema.type_map[node.type_condition.name.value]
            self._done[name] = self._selections(node.selection_set, parent)
        return self._done[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType) -> Found:
        name = node.name.value
        if name.startswith("__") or not isinstance(parent, GraphQLObjectType):
            return Found()
        definition = parent.fields[name]
        found = Found({f"{parent.name}.{name}"}, {f"{parent.name}.{name}"})
        for argument in node.arguments or ():
            self._argument(argument.value, definition.args[argument.name.value], found)
        inner = get_named_type(definition.type)
        if node.selection_set is not None and is_composite_type(inner):
            found.add(self._selections(node.selection_set, inner))
            self._marked(node.selection_set, inner.name, found)
        return found

    def _marked(self, selections: SelectionSetNode, type_name: str, found: Found) -> None:
        """Note the mark that is missing where a value is selected."""
        mark, needed_by = MARKED.get(type_name, (None, None))
        needed = needed_by is None or f"{type_name}.{needed_by}" in found.coordinates
        if mark is not None and needed and not self._selects(selections, mark, set()):
            found.unmarked.add(f"{type_name}.{mark}")

    def _argument(self, value: ValueNode, definition: GraphQLArgument, found: Found) -> None:
        if get_named_type(definition.type).name == "RecordFilter":
            found.filters.append((value, definition.type))
        self._input(value, definition.type, found)

    def _input(self, value: ValueNode, type_: GraphQLType, found: Found) -> None:
        named = get_named_type(type_)
        if isinstance(value, VariableNode):
            if isinstance(named, GraphQLInputObjectType):
                found.variables[value.name.value] = named
        elif isinstance(value, ListValueNode):
            for item in value.values:
                self._input(item, named, found)
        elif isinstance(value, ObjectValueNode) and isinstance(named, GraphQLInputObjectType):
            for pair in value.fields:
                found.coordinates.add(f"{named.name}.{pair.name.value}")
                self._input(pair.value, named.fields[pair.name.value].type, found)

    def _selects(self, selections: SelectionSetNode, wanted: str, opened: set[str]) -> bool:
        """Whether the field is selected whatever the variables are: not behind @skip or @include."""
        for node in selections.selections:
            if node.directives:
                continue
            if isinstance(node, FieldNode):
                if node.name.value == wanted:
                    return True
            elif isinstance(node, InlineFragmentNode):
                if self._selects(node.selection_set, wanted, opened):
                    return True
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in opened:
                opened.add(node.name.value)
                if self._selects(self._fragments[node.name.value].selection_set, wanted, opened):
                    return True
        return False


def _leaves_out(directive: DirectiveNode, given: Mapping[str, object]) -> bool:
    """Whether a @skip or an @include leaves its selection out."""
    if directive.name.value not in ("skip", "include"):
        return False
    value = next(argument.value for argument in directive.arguments or ())
    flag = given.get(value.name.value) if isinstance(value, VariableNode) else getattr(value, "value", None)
    return bool(flag) is (directive.name.value == "skip")


def _named(node: TypeNode) -> str:
    """The name inside a type's lists and non-nulls."""
    while not isinstance(node, NamedTypeNode):
        assert isinstance(node, ListTypeNode | NonNullTypeNode)
        node = node.type
    return node.name.value


def in_value(value: object, type_: GraphQLType) -> set[str]:
    """The input-field coordinates that a variable's raw value touches."""
    named = get_named_type(type_)
    if isinstance(value, list):
        return {found for item in value for found in in_value(item, named)}
    if not isinstance(value, dict) or not isinstance(named, GraphQLInputObjectType):
        return set()
    touched = {f"{named.name}.{name}" for name in value if name in named.fields}
    for name, inner in value.items():
        if name in named.fields:
            touched |= in_value(inner, named.fields[name].type)
    return touched
