"""From what went wrong to what is answered: one place, by audience. Faults are masked and logged once, under an id."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from graphql import GraphQLError

from core.errors import BadCall, DependencyDown, Detail, DomainError, OutcomeUnknown, Refused
from parties.errors import Frozen, Unknown, Unproved
from schema.sentences import sentence

_log = structlog.get_logger("haihe.schema")
RETRY_AFTER_SECONDS = 2

# The status of a call that is refused before anything runs. Everything else that is refused is a 200 with errors.
_STATUS: Mapping[str, int] = {
    "BAD_REQUEST": 400,
    "PARAMETERS_INVALID": 400,
    "PARSE_FAILED": 400,
    "VALIDATION_FAILED": 400,
    "UNAUTHENTICATED": 401,
    "PROOF_REQUIRED": 401,
    "PROOF_INVALID": 401,
    "PROOF_NONCE": 401,
    "PROOF_SPENT": 401,
    "FORBIDDEN": 403,
    "STEP_UP_REQUIRED": 403,
    "FIELD_NOT_ALLOWED": 403,
    "DOCUMENT_REQUIRED": 403,
    "DOCUMENT_UNKNOWN": 404,
    "METHOD_NOT_ALLOWED": 405,
    "NOT_ACCEPTABLE": 406,
    "STREAM_NEEDED": 406,
    "BODY_TOO_SLOW": 408,
    "CHANGES_FORGOTTEN": 410,
    "BODY_TOO_LARGE": 413,
    "MEDIA_TYPE": 415,
    "NOT_A_REQUEST": 422,
    "VARIABLES_INVALID": 422,
    "OPERATION_UNKNOWN": 422,
    "TOO_LARGE": 422,
    "ONE_MUTATION": 422,
    "SUBSCRIPTIONS_ONLY": 422,
    "ONE_GRANTED": 422,
    "ONE_AGENCY": 422,
    "MARK_REQUIRED": 422,
    "RATE_LIMITED": 429,
    "TOO_MANY_STREAMS": 429,
    "HEADERS_TOO_LARGE": 431,
}
# What is wrong with a document or its values. An older client takes an answer about that for none unless it is a 200.
_OF_THE_DOCUMENT = frozenset({"PARSE_FAILED", "VALIDATION_FAILED", "VARIABLES_INVALID"})
# What a 401 asks for (RFC 6750 3, RFC 9449 7.1 and 9).
_CHALLENGES: Mapping[str, str] = {
    "UNAUTHENTICATED": 'Bearer, DPoP algs="ES256"',
    "PROOF_REQUIRED": 'DPoP error="invalid_token", algs="ES256"',
    "PROOF_INVALID": 'DPoP error="invalid_dpop_proof", error_description="{reason}", algs="ES256"',
    "PROOF_NONCE": 'DPoP error="use_dpop_nonce", algs="ES256"',
    "PROOF_SPENT": 'DPoP error="invalid_dpop_proof", error_description="spent", algs="ES256"',
}


@dataclass(frozen=True)
class Answer:
    """What goes out: a status, a body ready for JSON, and headers beside the usual ones."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def bytes(self) -> bytes:
        """The body as it goes out."""
        return orjson.dumps(self.body, option=orjson.OPT_UTC_Z)

    @property
    def older_status(self) -> int:
        """The status for a client that knows `application/json` only (GraphQL over HTTP before its own media type)."""
        refused = self.body.get("errors", ())
        return 200 if any(error["extensions"]["code"] in _OF_THE_DOCUMENT for error in refused) else self.status


def refuse_call(error: BadCall, language: str) -> Answer:
    """A call that is refused before it runs: a request error, without `data`."""
    challenge = _CHALLENGES.get(error.code)
    headers = {"WWW-Authenticate": challenge.format_map(error.params)} if challenge else {}
    if "seconds" in error.params:
        headers["Retry-After"] = str(error.params["seconds"])
    return Answer(_STATUS.get(error.code, 400), {"errors": [_worded(error.code, language, **error.params)]}, headers)


def refuse_run(error: DomainError, language: str) -> Answer:
    """An operation that is refused while it runs: the whole of it, `data` null, and the same bytes for absent and
    forbidden."""
    if isinstance(error, Unknown | Frozen):
        return refuse_call(BadCall("FORBIDDEN"), language)
    if isinstance(error, Unproved):
        return refuse_call(BadCall(error.code), language)
    if isinstance(error, BadCall):
        body = _worded(error.code, language, **error.params)
    elif isinstance(error, Refused):
        body = _worded(error.code, language, **error.params)
        if error.details:
            body["extensions"]["details"] = [_detail(detail, language) for detail in error.details]
    else:
        return down(language)
    return Answer(200, {"data": None, "errors": [body]})


def down(language: str, error: DependencyDown | None = None) -> Answer:
    """A dependency does not answer: 503, nothing of the data, and when to try again; and whether it may be done."""
    code = "OUTCOME_UNKNOWN" if isinstance(error, OutcomeUnknown) else "UNAVAILABLE"
    body = {"errors": [_worded(code, language)]}
    return Answer(503, body, {"Retry-After": str(RETRY_AFTER_SECONDS)})


def fault(error: BaseException, language: str) -> Answer:
    """A fault of ours: masked, and logged once under the id that the answer carries."""
    reference = secrets.token_hex(6)
    _log.error("fault", reference=reference, kind=type(error).__name__, where=where(error))
    return Answer(500, {"errors": [_worded("FAULT", language, id=reference)]})


def log_down(error: BaseException) -> None:
    """A dependency that is down is worth one line, without what was being asked."""
    _log.warning("dependency_down", kind=type(error.__cause__ or error).__name__)


def first_refusal(errors: list[GraphQLError] | None) -> BaseException | None:
    """What an execution ended with: a fault before a dependency before a refusal before an executor's own error."""
    originals = [error.original_error or error for error in errors or ()]
    for kind in (_is_fault, lambda e: isinstance(e, DependencyDown), lambda e: isinstance(e, DomainError)):
        for original in originals:
            if kind(original):
                return original
    return originals[0] if originals else None


def _is_fault(error: BaseException) -> bool:
    return not isinstance(error, DomainError | GraphQLError)


def _worded(code: str, language: str, **params: Any) -> dict[str, Any]:
    errors = params.pop("errors", None)
    body: dict[str, Any] = {"message": sentence(code, language, **params), "extensions": {"code": code}}
    located = [error for error in errors or () if error.locations]
    if located:
        body["locations"] = [{"line": at.line, "column": at.column} for at in located[0].locations]
    return body


def _detail(detail: Detail, language: str) -> dict[str, Any]:
    return {
        "path": list(detail.path),
        "code": detail.code,
        "message": sentence(detail.code, language, limit=detail.limit or ""),
        "limit": detail.limit,
    }


def where(error: BaseException) -> str:
    """File and line of the fault, and nothing of its message: messages carry values."""
    trace = error.__traceback__
    place = "?"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def code_of(refused: DomainError) -> str:
    """By which code a refused look is logged."""
    if isinstance(refused, Unknown | Frozen):
        return "FORBIDDEN"
    return str(getattr(refused, "code", type(refused).__name__.upper()))


def unusable(error: GraphQLError, language: str) -> Answer:
    """What a call answers whose values the schema does not take."""
    return refuse_call(BadCall("VARIABLES_INVALID", reason=error.message), language)
