"""The personas' own stories: a restaurant borrowing 30 万, an open objection, a repaired penalty, an offer redeemed."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from api.demo import further, people, records
from api.demo.people import Someone
from api.demo.records import Sent
from credit.kinds import SubjectKind

# The first people of the city are the personas, whatever its size.
CITIZENS: Mapping[str, tuple[int, str]] = {
    "citizen-1": (0, "林海生"),
    "citizen-2": (1, "吴秀兰"),
    "citizen-3": (2, "周建国"),
    "citizen-4": (3, "郑晓彤"),
    "citizen-5": (4, "何振东"),
    "citizen-6": (5, "宋雅宁"),
    "citizen-7": (6, "梁志强"),
    "citizen-8": (7, "许欣怡"),
    "citizen-9": (8, "高浩然"),
    "company-1-legal": (9, "韩文博"),
    "company-1-seal": (10, "冯慧敏"),
    "ward-1": (11, "邓福安"),
}
SHOP, COMPANY = 0, 3
ORGANISATIONS: Mapping[int, str] = {SHOP: "海津市海生小馆", COMPANY: "海津示例餐饮管理有限公司"}
FEWEST_CITIZENS, FEWEST_ORGANISATIONS = len(CITIZENS), COMPANY + 1
# holder, for whom
GUARDIAN, HELPER = ("citizen-3", "ward-1"), ("citizen-8", "citizen-2")
SCORED = ("citizen-1", "citizen-2", "citizen-4", "citizen-5", "citizen-7", "citizen-9")
# licences, honours, penalties of each
_RECORDS: Mapping[str, tuple[int, int, int]] = {
    "citizen-1": (2, 1, 0),
    "citizen-2": (1, 1, 0),
    "citizen-3": (2, 0, 0),
    "citizen-4": (1, 0, 1),
    "citizen-5": (1, 0, 1),
    "citizen-6": (0, 0, 0),
    "citizen-7": (1, 4, 0),
    "citizen-8": (2, 1, 0),
    "citizen-9": (0, 0, 1),
}
_BY_INDEX = {index: name for name, (index, _) in CITIZENS.items()}


def citizen(index: int, seed: int, as_of: date) -> Someone:
    """The citizen of an index, by their story's name where they have one."""
    found = people.citizen(index, seed, as_of)
    persona = _BY_INDEX.get(index)
    return replace(found, name=CITIZENS[persona][1]) if persona else found


def organisation(index: int, seed: int) -> Someone:
    """The organisation of an index, by its story's name where it has one."""
    found = people.organisation(index, seed)
    return replace(found, name=ORGANISATIONS[index]) if index in ORGANISATIONS else found


def records_of(someone: Someone, index: int, seed: int, as_of: date) -> Iterator[Sent]:
    """A subject's records: as the story has them, or as chance has them."""
    persona = _BY_INDEX.get(index) if someone.kind is SubjectKind.NATURAL_PERSON else None
    if persona is None or persona not in _RECORDS:
        yield from records.of(someone, index, seed, as_of)
        yield from further.of(someone, index, seed, as_of)
        return
    chance = random.Random(f"story:{seed}:{persona}")
    for make, count in zip((records.licence, records.honour, records.penalty), _RECORDS[persona], strict=True):
        for turn in range(count):
            yield make(someone, chance, f"{index}-{turn}", as_of)
