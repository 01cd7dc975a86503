"""The plain executor: graphql-core's own, with siblings awaited in turn, and ended by the first error.

Sibling fields share one connection, so running them at once wins nothing. And a refusal refuses the whole operation,
so whatever would come after the first error is work for nobody.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    located_error,
)
from graphql.execution import execute
from graphql.execution.executor import Executor
from graphql.pyutils import AwaitableOrValue, Path

from schema.context import Context
from schema.documents import Document, Operation
from schema.root import graphql_schema


class InTurn(Executor[Any]):
    """Fields and list items one after another, in the document's order."""

    def execute_fields(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, grouped: Any, position: Any
    ) -> AwaitableOrValue[dict[str, Any]]:
        """Every selection set is executed as a mutation's root is."""
        return self.execute_fields_serially(parent_type, source_value, path, grouped, position)

    def complete_iterable_value(
        self,
        item_type: GraphQLOutputType,
        field_details_list: Any,
        info: GraphQLResolveInfo[Any],
        path: Path,
        items: Iterable[Any],
        position_context: Any,
    ) -> AwaitableOrValue[list[Any]]:
        """Each item is complete before the next one begins."""

        async def in_turn() -> list[Any]:
            completed = []
            for index, item in enumerate(items):
                value = self.complete_value(
                    item_type, field_details_list, info, path.add_key(index, None), item, position_context
                )
                completed.append(await value if self.is_awaitable(value) else value)
            return completed

        return in_turn()

    def handle_field_error(
        self,
        raw_error: Exception,
        return_type: GraphQLOutputType,  # noqa: ARG002 (the executor says it)
        field_details_list: Any,
        path: Path,
    ) -> None:
        """The first error is the operation's."""
        nodes: list[FieldNode] = [details.node for details in field_details_list]
        raise located_error(raw_error, nodes, path.as_list())


def executor(document: Document, operation: Operation, context: Context, variables: Mapping[str, Any]) -> InTurn:
    """The executor of one operation of a valid document; raises what is wrong with the variables."""
    built = InTurn.build(
        graphql_schema,
        document.node,
        context_value=context,
        raw_variable_values=dict(variables),
        operation_name=operation.name,
        hide_suggestions=True,
    )
    if isinstance(built, list):
        raise built[0]
    assert isinstance(built, InTurn)
    return built


def first(result: ExecutionResult) -> BaseException:
    """What an execution ended with."""
    assert result.errors
    return result.errors[0].original_error or result.errors[0]


async def run(document: Document, operation: Operation, context: Context, variables: dict[str, Any]) -> dict[str, Any]:
    """The data of an operation; raises what its first error was."""
    result = execute(
        graphql_schema,
        document.node,
        context_value=context,
        variable_values=variables,
        operation_name=operation.name,
        hide_suggestions=True,
        executor_class=InTurn,
    )
    finished = result if isinstance(result, ExecutionResult) else await result
    assert isinstance(finished, ExecutionResult)  # @defer and @stream are not in the schema
    if finished.errors:
        raise first(finished)
    assert finished.data is not None  # no error, so there is data
    return finished.data
