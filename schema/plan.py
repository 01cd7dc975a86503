"""An operation compiled into plain Python: once for each set of values of the variables in @skip and @include.

graphql-core decides anew for every field of every row what kind of thing it is. A plan has decided: it reads
attributes, calls resolvers, and completes values by functions chosen when it was made. It awaits siblings in turn and
ends with the first error, as the plain executor does, and gives the same bytes (the differential proof). What it does
not know it refuses to plan (`CannotPlan`), and the plain executor runs.

Instants and days are left as they are: orjson writes them as our scalars do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import isawaitable, iscoroutinefunction
from operator import attrgetter
from typing import Any, cast

from graphql import (
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLUnionType,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path
from graphql.type.definition import GraphQLResolveInfoHelpers
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info as StrawberryInfo

from schema.context import Context
from schema.documents import Document, Operation
from schema.inputs import Converters
from schema.root import graphql_schema, schema
from schema.steps import Here, Step, enum, list_of, not_null, nullable, of_object, projection, read_at, scalar


class CannotPlan(Exception):
    """Something in the operation is only known to the plain executor."""


@dataclass(frozen=True)
class _Root:
    """One root field: what runs, and the parts of graphql-core's information that are known beforehand."""

    key: str
    step: Step
    info: Callable[[VariableValues, Context], GraphQLResolveInfo[Context]]
    field: StrawberryField


class Plan:
    """An operation ready to run."""

    def __init__(self, roots: Sequence[_Root | str], typename: str) -> None:
        self._roots = roots
        self._typename = typename

    async def run(self, context: Context, variables: VariableValues) -> dict[str, Any]:
        """The operation's data; raises what its first error was."""
        data: dict[str, Any] = {}
        for root in self._roots:
            if isinstance(root, str):
                data[root] = self._typename
                continue
            here = Here(StrawberryInfo(_raw_info=root.info(variables, context), _field=root.field), variables)
            made = root.step.run(None, here)
            data[root.key] = await made if root.step.awaits else made
        return data


def compiled(document: Document, operation: Operation, variables: VariableValues) -> Plan:
    """The plan of an operation for the truth values of these variables; raises `CannotPlan`."""
    return _Compiler(document, operation, variables).plan()


class _Compiler:
    def __init__(self, document: Document, operation: Operation, variables: VariableValues) -> None:
        self._operation = operation.node
        self._variables = variables
        self._nodes = {n.name.value: n for n in document.node.definitions if isinstance(n, FragmentDefinitionNode)}
        self._fragments = {name: FragmentDetails(node) for name, node in self._nodes.items()}

    def plan(self) -> Plan:
        type_ = graphql_schema.get_root_type(self._operation.operation)
        assert type_ is not None  # validation has seen to it
        grouped = collect_fields(
            graphql_schema, self._fragments, self._variables, type_, self._operation
        ).grouped_field_set
        return Plan([self._root(type_, key, details) for key, details in grouped.items()], type_.name)

    def _root(self, type_: GraphQLObjectType, key: str, details: list[FieldDetails]) -> _Root | str:
        name = details[0].node.name.value
        if name == "__typename":
            return key
        definition = type_.fields.get(name)
        if definition is None:
            raise CannotPlan(name)
        field = _strawberry(definition)
        nodes = [detail.node for detail in details]
        # The plan outlives this compiler, and must not keep the variables that it was made for.
        fragments, running = self._nodes, self._operation

        def info(variables: VariableValues, context: Context) -> GraphQLResolveInfo[Context]:
            return GraphQLResolveInfo(
                name,
                nodes,
                definition.type,
                type_,
                Path(None, key, type_.name),
                graphql_schema,
                fragments,
                None,
                running,
                variables,
                context,
                isawaitable,  # type: ignore[arg-type]  # narrower than it need be
                None,
                _NO_HELPERS,
            )

        return _Root(key, self._field(definition, details), info, field)

    def _object(self, type_: GraphQLObjectType, details: list[FieldDetails]) -> Step:
        """How an object's selection is made into a dict."""
        if type_.is_type_of is not None:
            raise CannotPlan(type_.name)
        grouped = collect_subfields(
            graphql_schema, self._fragments, self._variables, self._operation, type_, details
        ).grouped_field_set
        steps = [(key, self._member(type_, found)) for key, found in grouped.items()]
        awaited = [(key, of_object(step), step.awaits) for key, step in steps]
        if any(step.awaits for _, step in steps):

            async def run(source: Any, here: Here) -> dict[str, Any]:
                made = {}
                for key, make, awaits in awaited:
                    made[key] = await make(source, here) if awaits else make(source, here)
                return made

            return Step(run, awaits=True)
        return Step(projection(steps))

    def _member(self, type_: GraphQLObjectType, details: list[FieldDetails]) -> Step:
        name = details[0].node.name.value
        if name == "__typename":
            typename = type_.name
            return Step(lambda _source, _here: typename)
        if name not in type_.fields:
            raise CannotPlan(name)
        return self._field(type_.fields[name], details)

    def _field(self, definition: GraphQLField, details: list[FieldDetails]) -> Step:
        """How a field's value is resolved and completed."""
        resolve = self._resolver(definition, details)
        complete = self._complete(definition.type, details)
        make, finish = resolve.run, complete.run
        if resolve.place is not None and not complete.awaits:
            return read_at(resolve, complete)
        if complete.awaits:
            if resolve.awaits:

                async def both(source: Any, here: Here) -> Any:
                    return await finish(await make(source, here), here)

                return Step(both, awaits=True)

            async def after(source: Any, here: Here) -> Any:
                return await finish(make(source, here), here)

            return Step(after, awaits=True)
        if resolve.awaits:

            async def before(source: Any, here: Here) -> Any:
                return finish(await make(source, here), here)

            return Step(before, awaits=True)
        return Step(lambda source, here: finish(make(source, here), here))

    def _resolver(self, definition: GraphQLField, details: list[FieldDetails]) -> Step:
        field = _strawberry(definition)
        if field.extensions:
            raise CannotPlan(field.python_name)
        resolver = field.base_resolver
        if resolver is None:
            read = attrgetter(field.python_name)
            return Step(lambda source, _here: read(source), place=field.python_name)
        call = cast("Callable[..., Any]", resolver.wrapped_func)
        if resolver.parent_parameter or resolver.root_parameter or not resolver.self_parameter:
            raise CannotPlan(field.python_name)
        wants_info = resolver.info_parameter is not None
        given = self._arguments(definition, field, details)
        awaits = iscoroutinefunction(call)
        if isinstance(given, dict):
            fixed = given
            if not wants_info and not fixed:
                place, make = getattr(call, "place", None), getattr(call, "make", None)
                return Step(lambda source, _here: call(source), awaits, place, make=make)
            if not wants_info:
                return Step(lambda source, _here: call(source, **fixed), awaits)
            return Step(lambda source, here: call(source, here.info, **fixed), awaits)
        if not wants_info:
            return Step(lambda source, here: call(source, **given(here)), awaits)
        return Step(lambda source, here: call(source, here.info, **given(here)), awaits)

    def _arguments(
        self, definition: GraphQLField, field: StrawberryField, details: list[FieldDetails]
    ) -> dict[str, Any] | Callable[[Here], dict[str, Any]]:
        """The resolver's arguments: the same for every run, or made of the variables of each."""
        node = details[0].node
        if not definition.args:
            return {}
        varies = any(_has_variable(argument.value) for argument in node.arguments or ())
        convert = _converters.of(field.arguments)

        def made(variables: VariableValues | None) -> dict[str, Any]:
            values = get_argument_values(definition, node, variables, None, hide_suggestions=True)
            return convert(values)

        return (lambda here: made(here.variables)) if varies else made(None)

    def _complete(self, type_: GraphQLOutputType, details: list[FieldDetails]) -> Step:
        """How a resolved value becomes a part of the answer."""
        if isinstance(type_, GraphQLNonNull):
            inner = self._complete_nullable(type_.of_type, details)
            # Nothing can be projected from, or listed out of, a null: that fails by itself.
            return inner if isinstance(type_.of_type, GraphQLObjectType | GraphQLList) else not_null(inner)
        return nullable(self._complete_nullable(type_, details))

    def _complete_nullable(self, type_: GraphQLOutputType, details: list[FieldDetails]) -> Step:
        """How a value that is there is completed."""
        if isinstance(type_, GraphQLList):
            return list_of(self._complete(type_.of_type, details))
        if isinstance(type_, GraphQLObjectType):
            return self._object(type_, details)
        if isinstance(type_, GraphQLUnionType):
            return self._union(type_, details)
        if isinstance(type_, GraphQLEnumType):
            return enum(type_)
        if isinstance(type_, GraphQLScalarType):
            return scalar(type_)
        raise CannotPlan(str(type_))

    def _union(self, type_: GraphQLUnionType, details: list[FieldDetails]) -> Step:
        members = {_class_of(member): self._object(member, details) for member in type_.types}

        async def run(value: Any, here: Here) -> Any:
            step = members[type(value)]
            made = step.run(value, here)
            return await made if step.awaits else made

        return Step(run, awaits=True)


_converters = Converters(schema.config, schema.schema_converter.scalar_registry)
# No resolver of ours asks for them.
_NO_HELPERS = cast("GraphQLResolveInfoHelpers", None)


def _strawberry(definition: GraphQLField) -> StrawberryField:
    field = definition.extensions.get("strawberry-definition")
    if not isinstance(field, StrawberryField):
        raise CannotPlan(str(definition))
    return field


def _class_of(type_: GraphQLObjectType) -> type:
    origin: type = type_.extensions["strawberry-definition"].origin
    return origin


def _has_variable(node: ValueNode) -> bool:
    if isinstance(node, ListValueNode):
        return any(_has_variable(item) for item in node.values)
    if isinstance(node, ObjectValueNode):
        return any(_has_variable(pair.value) for pair in node.fields)
    return isinstance(node, VariableNode)
