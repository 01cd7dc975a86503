"""Documents: parsed, bounded, validated and decided against the lenses once, then kept by hash (design §2)."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    ValueNode,
    parse,
    validate,
)

from audit.looks import NOTHING, Shape
from core.errors import BadCall
from schema.audiences import Lens, Level, Root
from schema.bounds import too_large
from schema.costs import Counted, points_of
from schema.policy import ENTRIES, MARK_LENSES, ROOTS, SAID_OPENLY
from schema.reach import Found, Walker, in_value

MOST_TOKENS = 2000
# Each is one subject's: who wants many asks for many, where others can see it.
_ONE_A_DOCUMENT = {Lens.GRANTED: "ONE_GRANTED", Lens.AGENCY: "ONE_AGENCY"}
_MOST_SHAPES = 16  # for one operation, as of plans
_KEPT_BYTES = 16 * 1024 * 1024
# What a kept document weighs beside its text: tracemalloc gives 22 kB for a text of 42 bytes and 69 kB for one of 440.
_WEIGHT_EACH, _WEIGHT_PER_BYTE = 17_000, 120


@dataclass(frozen=True)
class Reach:
    """What one root field of an operation reaches, and what it shows of a subject."""

    key: str
    name: str
    root: Root
    coordinates: frozenset[str]
    shape: Shape
    filters: tuple[tuple[ValueNode, GraphQLInputType], ...]
    variables: Mapping[str, GraphQLInputType]
    query: tuple[ValueNode, GraphQLInputType] | None = None
    # The coordinates among them that literals and defaults fill in.
    inputs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Operation:
    """One operation of a document, whose hash is `document`. `problem` is why no caller may ever run it, if so."""

    name: str | None
    node: OperationDefinitionNode
    mutation: bool
    subscription: bool
    reaches: Mapping[str, Reach]
    introspects: bool
    problem: BadCall | None
    document: str
    # What the values of its variables select, by root field.
    selected: Callable[[Mapping[str, object]], Mapping[str, Shape]]
    # What it costs for the values of its variables.
    points: Counted
    shapes: dict[tuple[object, ...], Mapping[str, Shape]] = field(default_factory=dict, compare=False)
    # The variables that @skip and @include ask, and the plans for their values: None was seen once, False cannot be.
    conditions: tuple[str, ...] = ()
    plans: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False)

    @property
    def takes_back(self) -> bool:
        """Whether it does nothing but take back what was given."""
        return all(reach.root.takes_back for reach in self.reaches.values())

    def shape(self, key: str, variables: Mapping[str, object]) -> Shape:
        """What one root field shows of a subject, for these values; all it might show when they have been too many."""
        values = tuple(variables.get(name) for name in self.conditions)
        if values not in self.shapes:
            if len(self.shapes) == _MOST_SHAPES:
                return self.reaches[key].shape
            self.shapes[values] = self.selected(variables)
        return self.shapes[values].get(key, NOTHING)


@dataclass(frozen=True)
class Document:
    """A valid document and its operations; `stored` when it was registered before it was asked for."""

    node: DocumentNode
    operations: tuple[Operation, ...]
    stored: bool = False

    def operation(self, name: str | None) -> Operation:
        """The operation to run; raises `BadCall(OPERATION_UNKNOWN)` when the name does not say which."""
        chosen = [op for op in self.operations if name is None or op.name == name]
        if len(chosen) != 1:
            raise BadCall("OPERATION_UNKNOWN")
        return chosen[0]


class Shelf:
    """Keeps decided documents by their key, bounded in bytes; the least recently used goes first."""

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        self._kept: OrderedDict[Hashable, tuple[Document, int]] = OrderedDict()
        self._room = kept_bytes

    def get(self, key: Hashable) -> Document | None:
        """What is kept under the key."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        self._kept.move_to_end(key)
        return kept[0]

    def keep(self, key: Hashable, document: Document, text: str) -> None:
        """Keep a document, whose text says what it weighs."""
        weight = _WEIGHT_EACH + _WEIGHT_PER_BYTE * len(text)
        self._room -= weight - self._kept.get(key, (None, 0))[1]
        self._kept[key] = (document, weight)
        while self._room < 0 and len(self._kept) > 1:
            _, (_, freed) = self._kept.popitem(last=False)
            self._room += freed

    def empty(self) -> None:
        """Keep nothing."""
        self._room += sum(weight for _, weight in self._kept.values())
        self._kept.clear()


def decided(schema: GraphQLSchema, text: str, *, stored: bool = False) -> Document:
    """The document of a text, decided. Raises `BadCall` when it cannot be parsed, is too large or not valid; what no
    caller may ever run is an operation's `problem`."""
    node = _valid(schema, text)
    walker = Walker(schema, node)
    digest = digest_of(text)
    operations = (n for n in node.definitions if isinstance(n, OperationDefinitionNode))
    return Document(node, tuple(_operation(schema, walker, node, n, digest) for n in operations), stored)


def _valid(schema: GraphQLSchema, text: str) -> DocumentNode:
    """What a text says, by itself and the schema alone. Raises `BadCall`."""
    try:
        node = parse(text, max_tokens=MOST_TOKENS)
    except (GraphQLError, RecursionError) as error:
        raise BadCall("PARSE_FAILED", reason=getattr(error, "message", "")) from None
    if too_large(node):
        raise BadCall("TOO_LARGE")
    errors = validate(schema, node, max_errors=5, hide_suggestions=True)
    if errors:
        raise BadCall("VALIDATION_FAILED", reason=errors[0].message, errors=errors)
    return node


def decided_for_all(schema: GraphQLSchema, text: str) -> Document:
    """A document that is going to be stored, decided; raises `BadCall` also for what no caller may ever run."""
    document = decided(schema, text, stored=True)
    for operation in document.operations:
        if operation.problem is not None:
            raise BadCall(operation.problem.code, **operation.problem.params)
    return document


def digest_of(text: str) -> str:
    """SHA-256 of a document's text, by which it is known."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def refuse_variables(operation: Operation, variables: Mapping[str, Any]) -> None:
    """The second half of the decision on inputs: what the variables' values touch. Raises `BadCall`."""
    outside = {
        coordinate
        for reach in operation.reaches.values()
        for name, type_ in reach.variables.items()
        for coordinate in in_value(variables.get(name), type_)
        if reach.root.lens not in ENTRIES[coordinate].lenses
    }
    if outside:
        raise BadCall("FIELD_NOT_ALLOWED", coordinates=", ".join(sorted(outside)))


def refuse_closed(operation: Operation, variables: Mapping[str, Any]) -> None:
    """Refuse to be asked with what is not open to everybody, in literals or in values. Raises `BadCall`."""
    for reach in operation.reaches.values():
        touched = set(reach.inputs)
        for name, type_ in reach.variables.items():
            touched |= in_value(variables.get(name), type_)
        if reach.root.lens not in SAID_OPENLY or any(ENTRIES[c].level is not Level.OPEN for c in touched):
            raise BadCall("METHOD_NOT_ALLOWED")


def _operation(
    schema: GraphQLSchema, walker: Walker, document: DocumentNode, node: OperationDefinitionNode, digest: str
) -> Operation:
    root_type = schema.get_root_type(node.operation)
    assert root_type is not None  # validation has seen to it
    reaches: dict[str, Reach] = {}
    introspects = False
    outside: set[str] = set()
    unmarked: set[str] = set()
    defaults = walker.defaults(node)
    for key, name, found in walker.roots(node.selection_set, root_type):
        found.coordinates.update(c for variable in found.variables for c in defaults.get(variable, ()))
        if name.startswith("__"):
            introspects = True
            continue
        root = ROOTS[f"{root_type.name}.{name}"]
        outside |= {c for c in found.coordinates if c in ENTRIES and root.lens not in ENTRIES[c].lenses}
        if root.lens in MARK_LENSES:
            unmarked |= found.unmarked
        reaches[key] = _merged(reaches.get(key), _reach(key, name, root, found))
    mutation = node.operation is OperationType.MUTATION
    return Operation(
        name=node.name.value if node.name else None,
        node=node,
        mutation=mutation,
        subscription=node.operation is OperationType.SUBSCRIPTION,
        reaches=reaches,
        introspects=introspects,
        problem=_problem(reaches, outside, unmarked, mutation),
        document=digest,
        selected=partial(_selected, schema, document, node),
        points=points_of(schema, document, node),
        conditions=walker.conditions,
    )


def _selected(
    schema: GraphQLSchema, document: DocumentNode, node: OperationDefinitionNode, variables: Mapping[str, object]
) -> Mapping[str, Shape]:
    root_type = schema.get_root_type(node.operation)
    assert root_type is not None
    shown: dict[str, set[str]] = {}
    for key, _, found in Walker(schema, document, variables).roots(node.selection_set, root_type):
        shown.setdefault(key, set()).update(_personal(found))
    return {key: Shape.of(fields) for key, fields in shown.items()}


def _personal(found: Found) -> set[str]:
    """What it shows of a subject."""
    return {c for c in found.shown if c in ENTRIES and ENTRIES[c].level in (Level.PERSONAL, Level.SENSITIVE)}


def _reach(key: str, name: str, root: Root, found: Found) -> Reach:
    return Reach(
        key,
        name,
        root,
        frozenset(found.coordinates),
        Shape.of(_personal(found)),
        tuple(found.filters),
        dict(found.variables),
        found.query,
        frozenset(found.coordinates - found.shown),
    )


def _merged(first: Reach | None, second: Reach) -> Reach:
    """Two selections under one response key are one root field."""
    if first is None:
        return second
    return Reach(
        second.key,
        second.name,
        second.root,
        first.coordinates | second.coordinates,
        Shape.of({*first.shape.fields, *second.shape.fields}),
        first.filters + second.filters,
        {**first.variables, **second.variables},
        second.query,
        first.inputs | second.inputs,
    )


def _problem(reaches: Mapping[str, Reach], outside: set[str], unmarked: set[str], mutation: bool) -> BadCall | None:
    if outside:
        return BadCall("FIELD_NOT_ALLOWED", coordinates=", ".join(sorted(outside)))
    if unmarked:
        return BadCall("MARK_REQUIRED", coordinates=", ".join(sorted(unmarked)))
    if mutation and len(reaches) != 1:
        return BadCall("ONE_MUTATION")
    for lens, code in _ONE_A_DOCUMENT.items():
        if sum(reach.root.lens is lens for reach in reaches.values()) > 1:
            return BadCall(code)
    return None
