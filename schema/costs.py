"""What an operation costs, in points: by its document and its variables alone, never by what is found (ADR 0142).

A point is begun with every hundred objects that might be answered: an object is one, a page is as many as are asked
for. A mutation is five points at least. Found once per document, fragments once each; the numbers of rows are put in
when it is asked.
"""

from collections.abc import Callable, Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from core.errors import BadCall
from core.paging import LARGEST_PAGE

MOST_POINTS = 500
MUTATION_POINTS, _OBJECTS_A_POINT = 5, 100
_MOST = 10**9  # sums saturate
# What holds a page together is no object of its own.
_PLUMBING = frozenset({"edges", "pageInfo"})
Counted = Callable[[Mapping[str, object]], int]


def points_of(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> Counted:
    """How many points a valid operation costs, as a function of its coerced variables."""
    root = schema.get_root_type(operation.operation)
    assert root is not None  # validation has seen to it
    pages: set[str] = set()
    count = _Counting(schema, document, pages).selections(operation.selection_set, root)
    least = MUTATION_POINTS if operation.operation is OperationType.MUTATION else 1
    known: dict[tuple[object, ...], int] = {}

    def points(variables: Mapping[str, object]) -> int:
        sizes = tuple(variables.get(name) for name in pages)
        if sizes not in known:
            if len(known) == LARGEST_PAGE:
                known.clear()
            objects = count(variables, {})
            known[sizes] = max(least, -(-objects // _OBJECTS_A_POINT))
        return known[sizes]

    return points


def bounded(counted: Counted, variables: Mapping[str, object]) -> int:
    """The points, where they are no more than an operation may cost; raises `BadCall(TOO_LARGE)`."""
    points = counted(variables)
    if points > MOST_POINTS:
        raise BadCall("TOO_LARGE")
    return points


_Sum = Callable[[Mapping[str, object], dict[str, int]], int]


class _Counting:
    """Turns selections into sums; a sum is given the variables, and the fragments counted so far."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, pages: set[str]) -> None:
        self._schema = schema
        self._pages = pages
        self._fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
        self._done: dict[str, _Sum] = {}

    def selections(self, node: SelectionSetNode, parent: GraphQLNamedType) -> _Sum:
        """What a selection counts of each object that it is made on."""
        parts: list[_Sum] = []
        for child in node.selections:
            if isinstance(child, FieldNode):
                parts += self._field(child, parent)
            elif isinstance(child, InlineFragmentNode):
                condition = child.type_condition
                inner = self._schema.type_map[condition.name.value] if condition else parent
                parts.append(self.selections(child.selection_set, inner))
            elif isinstance(child, FragmentSpreadNode):
                parts.append(self._fragment(child.name.value))
        return lambda variables, known: min(_MOST, sum(part(variables, known) for part in parts))

    def _fragment(self, name: str) -> _Sum:
        if name not in self._done:
            node = self._fragments[name]
            self._done[name] = self.selections(
                node.selection_set, self._schema.type_map[node.type_condition.name.value]
            )
        inner = self._done[name]

        def counted(variables: Mapping[str, object], known: dict[str, int]) -> int:
            if name not in known:
                known[name] = inner(variables, known)
            return known[name]

        return counted

    def _field(self, node: FieldNode, parent: GraphQLNamedType) -> list[_Sum]:
        name = node.name.value
        if name.startswith("__") or not isinstance(parent, GraphQLObjectType) or node.selection_set is None:
            return []  # the executor refuses to show its schema, or shows it from memory
        field = parent.fields[name]
        type_ = get_named_type(field.type)
        if not is_composite_type(type_):
            return []
        inner = self.selections(node.selection_set, type_)
        if name in _PLUMBING:
            return [inner]
        if "first" not in field.args:
            return [lambda variables, known: 1 + inner(variables, known)]
        size = self._size(node, field.args["first"].default_value)
        return [lambda variables, known: 1 + size(variables) * max(1, inner(variables, known))]

    def _size(self, node: FieldNode, default: object) -> Counted:
        """How many rows are asked for, as far as anybody may ask."""
        given = next((a.value for a in node.arguments or () if a.name.value == "first"), None)
        if isinstance(given, VariableNode):
            name = given.name.value
            self._pages.add(name)
            return lambda variables: _within(variables.get(name, default))
        rows = _within(int(given.value) if isinstance(given, IntValueNode) else default)
        return lambda _: rows


def _within(rows: object) -> int:
    return min(max(rows, 1), LARGEST_PAGE) if isinstance(rows, int) else LARGEST_PAGE
