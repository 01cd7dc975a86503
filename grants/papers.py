"""Which papers a counter case needs (Art. 8(3)), as data (`papers.csv`), and what is still missing of them. Pure.

GUARDIAN (民法典 23, 34) and NEAR_RELATIVE (个人信息保护法 49) are not in the article: their papers are our choice. An
electronic licence counts as the paper and as its copy (国务院令716), and bears its seal in itself.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from core.errors import Detail


class CounterKind(Enum):
    """Whose record is asked for at the counter, and by whom."""

    OWN = "OWN"  # 本人
    OTHER_PERSON = "OTHER_PERSON"  # 其他自然人
    ORGANISATION = "ORGANISATION"  # 法人和非法人组织
    GUARDIAN = "GUARDIAN"  # 监护人
    NEAR_RELATIVE = "NEAR_RELATIVE"  # 死者的近亲属


class Paper(Enum):
    """What is laid on the counter."""

    APPLICANT_ID = "APPLICANT_ID"
    APPLICANT_ID_COPY = "APPLICANT_ID_COPY"
    SUBJECT_ID_COPY = "SUBJECT_ID_COPY"
    LICENCE_COPY = "LICENCE_COPY"
    AUTHORISATION = "AUTHORISATION"
    GUARDIANSHIP = "GUARDIANSHIP"
    DEATH = "DEATH"
    KINSHIP = "KINSHIP"
    INTEREST = "INTEREST"


class PaperForm(Enum):
    """In which form."""

    ORIGINAL = "ORIGINAL"
    COPY = "COPY"
    ELECTRONIC_LICENCE = "ELECTRONIC_LICENCE"


class PaperCheck(Enum):
    """What the clerk has seen on it."""

    NAMES = "NAMES"  # 写明了查询人和被查询对象
    SEAL = "SEAL"  # 公章
    SIGNATURE = "SIGNATURE"  # 签名（签章）


class CounterState(Enum):
    """Where a case stands. Only READY may be looked under; every case ENDS with its day."""

    OPEN = "OPEN"
    SUPPLEMENT = "SUPPLEMENT"  # what is missing has been told, once
    READY = "READY"
    ENDED = "ENDED"


@dataclass(frozen=True)
class Needed:
    """One line of a kind's list. `forms` are those that do, `checks` what must be seen on it, `words` its name in the
    notice of what is missing; `is_law` says that Art. 8(3) itself asks for it."""

    kind: CounterKind
    paper: Paper
    forms: frozenset[PaperForm]
    checks: frozenset[PaperCheck]
    scan: bool
    is_law: bool
    words: str


@dataclass(frozen=True)
class Brought:
    """One paper as the clerk has noted it."""

    paper: Paper
    form: PaperForm
    checks: frozenset[PaperCheck] = frozenset()
    scanned: bool = False


def read(lines: Iterable[str]) -> tuple[Needed, ...]:
    """The lists in a file's lines."""
    return tuple(
        Needed(
            kind=CounterKind(row["kind"]),
            paper=Paper(row["paper"]),
            forms=frozenset(PaperForm(one) for one in row["forms"].split()),
            checks=frozenset(PaperCheck(one) for one in row["checks"].split()),
            scan=row["scan"] == "yes",
            is_law=row["source"] == "Art. 8(3)",
            words=row["words"],
        )
        for row in csv.DictReader(lines)
    )


NEEDED = read(Path(__file__).with_name("papers.csv").read_text("utf-8").splitlines())
# Whose look rests on an authorisation, which says which kinds of information and until when.
AUTHORISED = frozenset(one.kind for one in NEEDED if one.paper is Paper.AUTHORISATION)
# Who stands there for the record's own subject, and reads who looked at it.
FOR_ONESELF = frozenset({CounterKind.OWN, CounterKind.GUARDIAN})

ABSENT, WRONG_FORM, NO_SCAN = "ABSENT", "WRONG_FORM", "NO_SCAN"
_WORDS: Mapping[str, str] = {
    ABSENT: "缺少{words}",
    WRONG_FORM: "所带材料的形式不符，应为{words}",
    PaperCheck.NAMES.value: "{words}：未写明查询人和被查询对象",
    PaperCheck.SEAL.value: "{words}：未加盖公章",
    PaperCheck.SIGNATURE.value: "{words}：未签名（签章）",
    NO_SCAN: "{words}：尚未扫描留存",
}


@dataclass(frozen=True)
class Lack:
    """What is wrong with one paper of the list."""

    needed: Needed
    code: str

    @property
    def words(self) -> str:
        """As the notice says it."""
        return _WORDS[self.code].format(words=self.needed.words)


def listed(kind: CounterKind) -> Sequence[Needed]:
    """What a case of this kind needs, in order."""
    return [one for one in NEEDED if one.kind is kind]


def lacking(kind: CounterKind, brought: Iterable[Brought]) -> Sequence[Lack]:
    """What is missing, paper by paper; empty when the case is complete."""
    held = {one.paper: one for one in brought}
    return [Lack(one, code) for one in listed(kind) for code in _faults(one, held.get(one.paper))]


def unlisted(kind: CounterKind, brought: Iterable[Brought]) -> Sequence[Detail]:
    """Papers that this kind of case does not ask for: what is not needed is not kept (个人信息保护法 6)."""
    wanted = {one.paper for one in listed(kind)}
    limit = " ".join(one.paper.value for one in listed(kind))
    return [
        Detail(("papers", str(n), "paper"), "ONE_OF", limit) for n, one in enumerate(brought) if one.paper not in wanted
    ]


def state_of(stored: str, opened_on: date, *, today: date) -> CounterState:
    """How a case stands on the city's day: its end is computed, never swept."""
    return CounterState(stored) if opened_on == today else CounterState.ENDED


def led_to(kind: CounterKind, brought: Iterable[Brought], *, is_told: bool) -> CounterState:
    """Where a case stands with these papers; `is_told` when its one notice has been given."""
    if not lacking(kind, brought):
        return CounterState.READY
    return CounterState.SUPPLEMENT if is_told else CounterState.OPEN


def _faults(needed: Needed, held: Brought | None) -> list[str]:
    if held is None:
        return [ABSENT]
    if held.form not in needed.forms:
        return [WRONG_FORM]
    if held.form is PaperForm.ELECTRONIC_LICENCE:
        unseen = needed.checks - held.checks - {PaperCheck.SEAL}
    else:
        unseen = needed.checks - held.checks
    faults = [check.value for check in PaperCheck if check in unseen]
    return [*faults, NO_SCAN] if needed.scan and not held.scanned else faults
