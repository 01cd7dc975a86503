"""One operation from document to answer (design §2): decided, run in one unit of work, logged, and only then let go."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, GraphQLError, execute
from graphql.execution.values import VariableValues, get_variable_values

from audit.log import Log
from core.database import Database, Unit
from core.errors import BadCall, DependencyDown, DomainError
from core.principal import ANONYMOUS, Principal
from parties.callers import identify
from schema import errors
from schema.context import Context
from schema.documents import Document, Library, Operation, refuse_variables
from schema.errors import Answer
from schema.policy import Lens
from schema.root import graphql_schema


@dataclass(frozen=True)
class Request:
    """What a caller sent, as far as its shape has been checked."""

    document: str
    operation_name: str | None
    variables: Mapping[str, Any]
    language: str
    reading_only: bool = False


class _Refused(Exception):
    """Carries what an execution ended with out of the unit of work, so that the unit is undone."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class Operations:
    """Runs operations over one database."""

    def __init__(self, database: Database, *, introspection: bool) -> None:
        self._database = database
        self._introspection = introspection
        self._library = Library(graphql_schema)
        self._log = Log()

    async def run(self, request: Request, principal: Principal, *, at: datetime) -> Answer:
        """The answer to one request. Never raises: a fault is an answer too."""
        try:
            document = self._library.document(request.document)
            operation = document.operation(request.operation_name)
            self._decide(operation, request, principal)
            variables = _variables(operation, request.variables)
            return await self._execute(document, operation, variables, request, principal, at)
        except BadCall as refused:
            return errors.refuse_call(refused, request.language)
        except _Refused as refused:
            return _refusal(refused.error, request.language)
        except DomainError as error:
            return _refusal(error, request.language)
        except Exception as error:
            return errors.fault(error, request.language)

    def _decide(self, operation: Operation, request: Request, principal: Principal) -> None:
        """Everything that can be decided without the database. Raises `BadCall`."""
        if operation.problem is not None:
            # A fresh one: a kept exception would gather, and keep, the frames of every request that raised it.
            raise BadCall(operation.problem.code, **operation.problem.params)
        if operation.introspects and not self._introspection:
            raise BadCall("FIELD_NOT_ALLOWED", coordinates="Query.__schema")
        for reach in operation.reaches.values():
            root = reach.root
            if root.signed_in and principal is ANONYMOUS:
                raise BadCall("UNAUTHENTICATED")
            if root.scope is not None and root.scope not in principal.scopes:
                raise BadCall("FORBIDDEN")
            if principal.assurance < root.assurance:
                raise BadCall("STEP_UP_REQUIRED")
            if request.reading_only and (operation.mutation or root.signed_in):
                raise BadCall("METHOD_NOT_ALLOWED")
        refuse_variables(operation, request.variables)

    async def _execute(
        self,
        document: Document,
        operation: Operation,
        variables: VariableValues,
        request: Request,
        principal: Principal,
        at: datetime,
    ) -> Answer:
        async with self._unit(operation) as unit:
            caller = await identify(unit, principal, at=at)
            context = Context(caller, at, unit, operation, variables, request.language)
            result = execute(
                graphql_schema,
                document.node,
                context_value=context,
                variable_values=dict(request.variables),
                operation_name=operation.name,
                hide_suggestions=True,
            )
            finished = await result if isawaitable(result) else result
            assert isinstance(finished, ExecutionResult)  # @defer and @stream are not in the schema
            ended = errors.first_refusal(finished.errors)
            if isinstance(ended, GraphQLError):
                raise _Refused(BadCall("VARIABLES_INVALID", reason=ended.message))
            if ended is not None and not isinstance(ended, DomainError):
                raise ended
            if ended is not None:
                raise _Refused(ended)
            await self._log.append(unit, context.looks, at=at)
        self._log.committed(context.looks)
        return Answer(200, {"data": finished.data})

    def _unit(self, operation: Operation) -> AbstractAsyncContextManager[Unit]:
        """A transaction for mutations and for looks that may spend a use; autocommit for everything else."""
        spends = any(reach.root.lens is Lens.GRANTED for reach in operation.reaches.values())
        return self._database.writing() if operation.mutation or spends else self._database.reading()


def _variables(operation: Operation, given: Mapping[str, Any]) -> VariableValues:
    coerced = get_variable_values(
        graphql_schema, operation.node.variable_definitions or (), dict(given), max_errors=5, hide_suggestions=True
    )
    if isinstance(coerced, VariableValues):
        return coerced
    raise BadCall("VARIABLES_INVALID", reason=coerced[0].message)


def _refusal(error: BaseException, language: str) -> Answer:
    if isinstance(error, DependencyDown):
        errors.log_down(error)
        return errors.down(language)
    assert isinstance(error, DomainError)
    return errors.refuse_run(error, language)
