"""Every act in a case, by anybody, as the API takes it: the payload, or the code of what is heard instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.ids import new_id
from tests.harness.callers import Town
from tests.harness.contesting import upload
from tests.harness.objecting import version

STOP, QUESTION = "stp_of_the_case", "ver_of_the_case"


@dataclass(frozen=True)
class Form:
    """How an act is written: its input's type where that is not its name's, and what says which case it is."""

    selection: str
    takes: str = ""
    versioned: bool = True
    keyed: bool = False


_CASE, _OWN = "case { id }", "objection { id }"
FORMS: Mapping[str, Form] = {
    "Open": Form(_CASE + " replayed"),
    "Reassign": Form(_CASE),
    "Forward": Form(_CASE),
    "StopOpen": Form(_CASE),
    "StopClose": Form(_CASE),
    "Reply": Form(_CASE, versioned=False, keyed=True),
    "Decide": Form(_CASE),
    "Approve": Form(_CASE, "ObjectionDecision"),
    "Return": Form(_CASE, "ObjectionDecision"),
    "Tell": Form(_CASE),
    "Verify": Form("verification { id }", keyed=True),
    "Say": Form(_OWN, versioned=False, keyed=True),
    "Supplement": Form(_OWN, versioned=False, keyed=True),
    "Withdraw": Form(_OWN + " replayed", "ObjectionChange"),
    "File": Form(_OWN + " joined", versioned=False, keyed=True),
}
_SAID: Mapping[str, Mapping[str, Any]] = {
    "Open": {"noConflict": True},
    "Reassign": {"reason": "轮换"},
    "Forward": {"question": "请核对"},
    "StopOpen": {"cause": "TESTING"},
    "Reply": {"text": "请补充说明"},
    "Decide": {"outcome": "NOT_CORRECTED", "reason": "属实"},
    "Return": {"reason": "再核实"},
    "Tell": {"way": "COUNTER"},
    "Verify": {"answer": "CONFIRM", "reason": "属实"},
    "Say": {"text": "另有说明"},
    "File": {"target": "RECORD", "ground": "ERROR", "request": "CORRECT", "text": "再次提出"},
}


async def tried(town: Town, name: str, by: str, case: Any, *, today: str) -> dict[str, Any]:
    """Do it in a case as it stands now."""
    form, input_ = FORMS[name], dict(_SAID.get(name, {}))
    if name == "File":
        input_["targetId"] = case.target_id
    elif name == "StopClose":
        input_ |= {"stopId": STOP, "endedOn": today}
    elif name == "Verify":
        input_["verificationId"] = QUESTION
    else:
        input_["objectionId"] = case.id
    if name == "StopOpen":
        input_ |= {"startedOn": today, "proofId": await upload(town, by) if by.startswith("handler") else "blb_0"}
    if name == "Supplement":
        input_["evidenceIds"] = [await upload(town, by) if by.startswith("citizen") else "blb_0"]
    if form.versioned:
        input_["expectedVersion"] = 1 if name == "Verify" else await version(town, case.id)
    if form.keyed:
        input_["idempotencyKey"] = new_id("key")
    kind = f"Objection{name}"
    document = (
        f"mutation($i: {form.takes or kind}Input!) {{ objection{name}(input: $i) {{ "
        f"... on {kind}Payload {{ {form.selection} }} ... on Refusal {{ code }} }} }}"
    )
    answer = await town.ask(by, document, {"i": input_})
    if answer.get("data"):
        return dict(answer["data"][f"objection{name}"])
    return {"code": answer.code}
