"""What a caller sent, and what is known of it once it is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graphql.execution.values import VariableValues, get_variable_values

from core.errors import BadCall
from core.principal import Principal, Proof
from schema.documents import Document, Operation
from schema.library import Named
from schema.root import graphql_schema

_NO_VARIABLES = VariableValues({}, {})


@dataclass(frozen=True)
class Request:
    """What a caller sent, as far as its shape has been checked, and the proof that came with it."""

    document: str | Named
    operation_name: str | None
    variables: Mapping[str, Any]
    language: str
    reading_only: bool = False
    proof: Proof | None = None


@dataclass(frozen=True)
class Asked:
    """One request, decided: all that a unit of work needs to know of it."""

    document: Document
    operation: Operation
    variables: VariableValues
    request: Request
    principal: Principal
    at: datetime

    @classmethod
    def of(cls, document: Document, request: Request, principal: Principal, at: datetime) -> "Asked":
        """The operation that a request names, with its variables. Raises `BadCall`."""
        operation = document.operation(request.operation_name)
        return cls(document, operation, _variables(operation, request.variables), request, principal, at)


def _variables(operation: Operation, given: Mapping[str, Any]) -> VariableValues:
    definitions = operation.node.variable_definitions
    if not definitions:
        return _NO_VARIABLES
    coerced = get_variable_values(graphql_schema, definitions, dict(given), max_errors=5, hide_suggestions=True)
    if isinstance(coerced, VariableValues):
        return coerced
    raise BadCall("VARIABLES_INVALID", reason=coerced[0].message)
