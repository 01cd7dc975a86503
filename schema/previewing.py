"""A grant's preview: what its recipient would be answered, for the eyes of the one who decides."""

from collections.abc import Mapping
from typing import Any

import orjson

from audit.lens import Lens
from core.errors import BadCall, Detail, Invalid
from core.principal import Assurance, Principal, Scope
from core.statements import Row
from grants import deciding
from parties import directory
from parties.callers import Caller
from schema.context import Context, Foreseen, Question
from schema.grant_terms import GrantTermsInput, proposal
from schema.signing import signer

_LONGEST_DOCUMENT = 20_000


async def body(
    context: Context, lens: Lens, row: Row, terms: GrantTermsInput | None, document: str, variables: str | None
) -> str:
    """The recipient's answer to a document, as text. One for each operation: raises `BadCall` for a second one,
    `Invalid`, or as `deciding.foresee` does."""
    if context.has_previewed:
        raise BadCall("TOO_LARGE")  # one preview is a whole operation
    context.has_previewed = True
    if len(document) > _LONGEST_DOCUMENT:
        raise Invalid(Detail(("document",), "LENGTH", f"1..{_LONGEST_DOCUMENT}"))
    signs = await signer(context, context.unit, lens)
    narrower = proposal(terms) if terms else None
    foreseen, notice = await deciding.foresee(
        context.unit, lens, row, narrower, signs, language=context.language, at=context.at
    )
    card = (await directory.cards(context.unit, [row.recipient_id]))[row.recipient_id]
    principal = Principal("", "", "", frozenset({Scope.GRANT_USE}), Assurance.HIGH)
    caller = Caller(principal, party_id=card.id, party_name=card.name, staff_id="preview")
    question = Question(document, _object(variables), caller)
    answer = await context.preview(context, question, Foreseen(foreseen, notice))
    return answer.decode()


def _object(text: str | None) -> Mapping[str, Any]:
    """Variables as they would stand in a request; raises `Invalid` for anything but a JSON object."""
    try:
        found = orjson.loads(text) if text else {}
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Invalid(Detail(("variables",), "JSON_OBJECT"))
    return found
