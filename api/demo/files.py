"""Writing the city as providers' files: one stream through the people, every file open at once, nothing kept."""

import csv
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from api.demo import further, records, story
from api.demo.people import Someone
from api.demo.places import PROVIDERS
from api.demo.records import Sent
from core.moments import rfc3339, start_of
from credit import catalogue, grades, models
from credit.kinds import RecordStatus, SubjectKind
from credit.scoring import Fact, standing
from grants import consent
from grants.scope import NoticeKind
from intake import layouts
from intake.layouts import Layout, LayoutName

_LAYOUTS = {layout.name: layout for layout in layouts.LAYOUTS}
# Subjects before what is said of them, what is made of their records last.
ORDER = (
    LayoutName.SUBJECT,
    LayoutName.LICENCE,
    LayoutName.HONOUR,
    LayoutName.PENALTY,
    *further.NAMES,
    LayoutName.SCORE,
    LayoutName.EVALUATION,
)
_OPENED = 0.4


@dataclass(frozen=True)
class Plan:
    """How large a city, from which seed, as of which day."""

    citizens: int
    organisations: int
    seed: int
    as_of: date


def path_of(folder: Path, provider: str, layout: LayoutName) -> Path:
    """Where a provider's file of a layout stands."""
    return folder / f"{provider}-{layout.value}.csv"


def write(folder: Path, plan: Plan, progress: Callable[[int], None]) -> None:
    """Write every file of the city; `progress` is told of each subject."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        sheets = _Sheets(folder, stack)
        for index, someone in _everyone(plan):
            sheets.put(_as_subject(someone))
            sent = list(story.records_of(someone, index, plan.seed, plan.as_of))
            for row in sent:
                sheets.put(row)
            if _opened(someone, index, plan):
                sheets.put(_as_score(someone, sent, plan))
            if someone.kind in grades.KINDS:
                sheets.put(_as_evaluation(someone, index, plan))
            progress(1)


class _Sheets:
    """One open CSV for each provider and layout, in the provider's own encoding."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._writers: dict[tuple[str, LayoutName], tuple[Layout, Any]] = {}
        for provider in PROVIDERS:
            for name in provider.layouts:
                file = stack.enter_context(
                    path_of(folder, provider.code, name).open("w", encoding=provider.encoding, newline="")
                )
                writer = csv.writer(file)
                writer.writerow(_LAYOUTS[name].headers)
                self._writers[provider.code, name] = (_LAYOUTS[name], writer)

    def put(self, sent: Sent) -> None:
        layout, writer = self._writers[sent.provider, sent.layout.name]
        writer.writerow([sent.values.get(header, "") for header in layout.headers])


def _everyone(plan: Plan) -> Iterator[tuple[int, Someone]]:
    for index in range(plan.citizens):
        yield index, story.citizen(index, plan.seed, plan.as_of)
    for index in range(plan.organisations):
        yield index, story.organisation(index, plan.seed)


def _as_subject(someone: Someone) -> Sent:
    return Sent(
        "HUB",
        layouts.SUBJECT,
        {
            "主体类别": records.kind_word(someone),
            layouts.IDENTITY_TYPE: records.identity_word(someone),
            layouts.IDENTITY_NUMBER: someone.number,
            "主体名称": someone.name,
        },
    )


def _as_evaluation(someone: Someone, index: int, plan: Plan) -> Sent:
    """Assessed in the last year, for a year; most are good."""
    chance = random.Random(f"evaluation:{plan.seed}:{index}")
    assessed = plan.as_of - timedelta(days=chance.randrange(1, 300))
    values = {
        "主体名称": someone.name,
        layouts.IDENTITY_TYPE: records.identity_word(someone),
        layouts.IDENTITY_NUMBER: someone.number,
        "评价等级": chance.choices("ABCD", (30, 55, 12, 3))[0],
        "评价依据": "海津市公共信用综合评价指标（2026年版）",
        "评价日期": assessed.isoformat(),
        "有效期至": (assessed + timedelta(days=365)).isoformat(),
    }
    return Sent("HUB", layouts.EVALUATION, values)


def _opened(someone: Someone, index: int, plan: Plan) -> bool:
    """Two citizens in five have opened their score; the personas open theirs themselves."""
    if someone.kind is not SubjectKind.NATURAL_PERSON or index < story.FEWEST_CITIZENS:
        return False
    return random.Random(f"opened:{plan.seed}:{index}").random() < _OPENED


def _as_score(someone: Someone, sent: list[Sent], plan: Plan) -> Sent:
    facts = [_fact(row, plan) for row in sent]
    model = models.in_force(plan.as_of)
    opened = start_of(plan.as_of - timedelta(days=30))
    return Sent(
        "HUB",
        layouts.SCORE,
        {
            "主体名称": someone.name,
            layouts.IDENTITY_TYPE: "身份证",
            layouts.IDENTITY_NUMBER: someone.number,
            "海河分": str(standing(facts, model, today=plan.as_of).value),
            "模型版本": model.version,
            "计算时间": rfc3339(opened),
            "开通时间": rfc3339(opened),
            "告知书哈希": consent.compose(NoticeKind.SCORE_OPEN).hash,
        },
    )


def _fact(row: Sent, plan: Plan) -> Fact:
    """What the model may know of a row, as the catalogue of that day classes it."""
    known = catalogue.in_force(plan.as_of)
    assert known is not None  # nothing is sent that it does not have
    entry = known.entries[row.layout.name.value]
    return Fact(entry.category.value, entry.nature.value, RecordStatus.CURRENT.value, score_until=None, disputed=False)
