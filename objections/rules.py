"""What may be asked of what, and what an objection must say. Pure.

Nobody is sent away for the ground that they chose; only a request that makes no sense of its target is refused.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from core.errors import Detail
from objections.kinds import Delivery, ObjectionAddressee, ObjectionGround, ObjectionRequest, ObjectionTarget
from parties.kinds import MandateKind

# CHOICE: as long as a page; what is longer is evidence.
LONGEST_TEXT, LONGEST_ADDRESS, LONGEST_NAME = 2000, 200, 60
# CHOICE: a case is told by a few papers; more of them can be brought later.
MOST_EVIDENCE = 10
# CHOICE: evidence is asked for so early that a day of the institution's own three is left to read it.
SUPPLEMENT_DAYS = 2
# CHOICE: whoever contests more things at once than this waits for an answer first.
MOST_OPEN = 50

# Who files on paper for a person: a helper signs in. 个人信息保护法 49: a near relative of somebody who has died.
FOR_PERSON = frozenset({MandateKind.SELF, MandateKind.AGENT, MandateKind.GUARDIAN, MandateKind.NEAR_RELATIVE})
# No organisation stands at a counter itself, and whoever does shows by what right (Art. 8(3)); a seal keeper signs in.
FOR_ORGANISATION = frozenset({MandateKind.LEGAL_REPRESENTATIVE, MandateKind.AGENT})
# Nobody signs in as a near relative, and who has died reads no message.
_WAYS_TO_RELATIVE = frozenset({Delivery.POST, Delivery.COUNTER})

_R, _T = ObjectionRequest, ObjectionTarget
REQUESTS: Mapping[ObjectionTarget, frozenset[ObjectionRequest]] = {
    _T.RECORD: frozenset(_R),
    # There is nothing yet that could be deleted or put right.
    _T.MISSING_RECORD: frozenset({_R.ADD, _R.EXPLAIN}),
    # The log keeps every look, a contested one too: its use can be stopped, and it can be explained.
    _T.ACCESS: frozenset({_R.STOP_USE, _R.NOT_ME, _R.EXPLAIN}),
    # It is computed: whoever wants it gone closes it.
    _T.SCORE: frozenset({_R.CORRECT, _R.EXPLAIN}),
    _T.EVALUATION: frozenset({_R.CORRECT, _R.STOP_USE, _R.EXPLAIN}),
    # It is computed too: what is wrong with it is put right by another run.
    _T.INDUSTRY_RESULT: frozenset({_R.CORRECT, _R.EXPLAIN}),
}
# What is missing is an omission, or something else that only the applicant can say.
_GROUNDS_OF_MISSING = frozenset({ObjectionGround.OMISSION, ObjectionGround.OTHER})
# What names nothing by its id: what is missing has none, and of score and evaluation a subject has one.
_NAMED = frozenset({_T.RECORD, _T.ACCESS, _T.INDUSTRY_RESULT})
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")


@dataclass(frozen=True)
class Said:
    """An objection as it is filed. `address` is where a letter goes, `addressee_id` which credit service agency."""

    target: ObjectionTarget
    ground: ObjectionGround
    request: ObjectionRequest
    text: str
    target_id: str | None = None
    described: str | None = None
    addressee: ObjectionAddressee = ObjectionAddressee.CREDIT_INSTITUTION
    addressee_id: str | None = None
    delivery: Delivery = Delivery.APP
    address: str | None = None
    evidence_ids: tuple[str, ...] = ()


def faults(said: Said) -> Iterator[Detail]:
    """Every rule that what is said breaks, by the input's path."""
    if said.request not in REQUESTS[said.target]:
        yield Detail(("request",), "REQUEST_OF_TARGET", "|".join(sorted(one.value for one in REQUESTS[said.target])))
    missing = said.target is _T.MISSING_RECORD
    if missing and said.ground not in _GROUNDS_OF_MISSING:
        yield Detail(("ground",), "ONE_OF", "|".join(sorted(one.value for one in _GROUNDS_OF_MISSING)))
    yield from _wanted("targetId", said.target_id, needed=said.target in _NAMED)
    yield from _wanted("described", said.described, needed=missing)
    agency = said.addressee is ObjectionAddressee.CREDIT_SERVICE_AGENCY
    yield from _wanted("addresseeId", said.addressee_id, needed=agency)
    yield from _wanted("address", said.address, needed=said.delivery is Delivery.POST)
    yield from faults_of_text("text", said.text)
    if missing and said.described is not None:
        yield from faults_of_text("described", said.described)
    if said.delivery is Delivery.POST and said.address is not None:
        yield from faults_of_text("address", said.address, LONGEST_ADDRESS)
    yield from faults_of_evidence(said.evidence_ids)


def faults_on_paper(capacity: MandateKind, name: str | None, said: Said, *, person: bool) -> Iterator[Detail]:
    """What is wrong with who files at the counter, for a person or for an organisation: whoever is not the subject says
    who they are, and shows by what right, by a paper."""
    may = FOR_PERSON if person else FOR_ORGANISATION
    if capacity not in may:
        yield Detail(("capacity",), "ONE_OF", "|".join(sorted(one.value for one in may)))
        return
    for_another = capacity is not MandateKind.SELF
    yield from _wanted("applicantName", name, needed=for_another)
    if for_another and name is not None:
        yield from faults_of_text("applicantName", name, LONGEST_NAME)
    if for_another and not said.evidence_ids:
        yield Detail(("evidenceIds",), "NEEDED")
    if capacity is MandateKind.NEAR_RELATIVE and said.delivery not in _WAYS_TO_RELATIVE:
        yield Detail(("delivery",), "ONE_OF", "|".join(sorted(one.value for one in _WAYS_TO_RELATIVE)))


def faults_of_text(path: str, text: str, longest: int = LONGEST_TEXT) -> Iterator[Detail]:
    """What is wrong with something that was written."""
    if not 1 <= len(text.strip()) <= longest:
        yield Detail((path,), "LENGTH", f"1..{longest}")
    if any(unicodedata.category(one) in _INVISIBLE and one != "\n" for one in text.strip()):
        yield Detail((path,), "CONTROL_CHARACTER")


def faults_of_evidence(ids: Collection[str], *, least: int = 0) -> Iterator[Detail]:
    """What is wrong with the list of what is brought."""
    if not least <= len(ids) <= MOST_EVIDENCE or len(set(ids)) != len(ids):
        yield Detail(("evidenceIds",), "DIFFERENT_ONES", f"{least}..{MOST_EVIDENCE}")


def _wanted(path: str, value: str | None, *, needed: bool) -> Iterator[Detail]:
    if needed and value is None:
        yield Detail((path,), "NEEDED")
    if not needed and value is not None:
        yield Detail((path,), "NOT_WANTED")
