"""Targets, grounds, requests and who files, as a decision table."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.principal import Scope
from objections import rules
from objections.kinds import Delivery, ObjectionAddressee, ObjectionGround, ObjectionRequest, ObjectionTarget
from objections.rules import Said
from parties import capacity
from parties.kinds import MandateKind

_TABLE = yaml.safe_load((Path(__file__).parent / "rules.yaml").read_text("utf-8"))
_ENUMS = {"addressee": ObjectionAddressee, "delivery": Delivery}


def _sound(target: ObjectionTarget, ground: ObjectionGround, request: ObjectionRequest) -> Said:
    return Said(
        target,
        ground,
        request,
        "记录有误",
        target_id="rec_1" if target.value in _TABLE["named"] else None,
        described="漏了一项" if target.value in _TABLE["described"] else None,
    )


@pytest.mark.parametrize("target", ObjectionTarget)
def test_every_ground_and_request_of_a_target(target: ObjectionTarget) -> None:
    for ground, request in product(ObjectionGround, ObjectionRequest):
        wanted = {"request"} if request.value not in _TABLE["requests"][target.value] else set()
        wanted |= {"ground"} if ground.value not in _TABLE["grounds"][target.value] else set()
        found = {detail.path[0] for detail in rules.faults(_sound(target, ground, request))}
        assert found == wanted, (target, ground, request)


@pytest.mark.parametrize("case", _TABLE["inputs"], ids=lambda case: f"{case['fault']} {next(iter(case))}")
def test_what_is_said_wrong_is_named(case: dict[str, Any]) -> None:
    changed = {name: _ENUMS[name](value) if name in _ENUMS else value for name, value in case.items()}
    fault = changed.pop("fault")
    changed = {name: "字" * 2001 if value == "LONG" else value for name, value in changed.items()}
    sound = vars(_sound(ObjectionTarget.RECORD, ObjectionGround.ERROR, ObjectionRequest.CORRECT))
    found = [f"{detail.path[0]} {detail.code}" for detail in rules.faults(Said(**{**sound, **changed}))]
    assert found == [fault]


def test_who_files_signed_in_and_on_paper() -> None:
    for kind in MandateKind:
        assert (Scope.OBJECTION_FILE in capacity.of_mandate(kind)) is _TABLE["signed_in"][kind.value], kind
        for whose, wrong in _TABLE["on_paper"][kind.value].items():
            said, person = (
                _sound(ObjectionTarget.SCORE, ObjectionGround.ERROR, ObjectionRequest.CORRECT),
                whose == "person",
            )
            found = rules.faults_on_paper(kind, None, said, person=person)
            assert [f"{detail.path[0]} {detail.code}" for detail in found] == wrong, (kind, whose)
            brought = replace(said, evidence_ids=("a",), delivery=Delivery.COUNTER)
            name = None if kind is MandateKind.SELF else "王小明"
            shown = [detail.path[0] for detail in rules.faults_on_paper(kind, name, brought, person=person)]
            assert shown == (["capacity"] if wrong == ["capacity ONE_OF"] else []), (kind, whose)
