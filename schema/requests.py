"""What a caller sent, and what is known of it once it is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graphql.execution.values import VariableValues

from core.principal import Principal, Proof
from schema.documents import Document, Operation
from schema.library import Named


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
