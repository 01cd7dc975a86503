"""What an offer asks of whoever takes it: one closed tree, versioned, and the same for everybody who reads it. Pure.

A leaf asks for a tier at least, for one of some age bands, for one of some districts stated as one's own, for a fact of
the record, or for a kind of subject. Leaves are joined by `all`, `any` and `not`. A tree is at most `DEEPEST` levels
deep, leaves counted, and has at most `MOST_LEAVES` leaves: it can be read aloud, listed by an index and explained.

What is absent meets nothing: a leaf on a value that is not there is not met, and neither is its negation. So a `not`
is met by who is known to be otherwise, and by nobody else (ADR 0118).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

import orjson

from core.errors import Detail, Invalid
from credit import districts
from credit.kinds import AgeBand, RecordFact, SubjectKind

VERSION = 1
DEEPEST = 3
MOST_LEAVES = 16
TIER_NAMES: Mapping[int, str] = {1: "起步", 2: "良好", 3: "优良", 4: "优秀", 5: "卓越"}


@dataclass(frozen=True)
class Tier:
    """An open 海河分 of this tier or a higher one."""

    at_least: int


@dataclass(frozen=True)
class Age:
    """An age in one of these bands."""

    bands: frozenset[AgeBand]


@dataclass(frozen=True)
class District:
    """One of these districts, stated as where one lives."""

    names: frozenset[str]


@dataclass(frozen=True)
class Fact:
    """Something that one's record says."""

    fact: RecordFact


@dataclass(frozen=True)
class Kind:
    """A subject of one of these kinds."""

    kinds: frozenset[SubjectKind]


Leaf: TypeAlias = Tier | Age | District | Fact | Kind


@dataclass(frozen=True)
class Every:
    """All of these; of none, it is met by everybody."""

    of: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Some:
    """One of these at least."""

    of: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Not:
    """Known not to be so."""

    of: "Condition"


Condition: TypeAlias = Leaf | Every | Some | Not
EVERYBODY = Every(())
Word = TypeVar("Word", bound=Enum)


def leaves(condition: Condition, *, asked: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Every leaf, and whether it is asked for or, under an odd number of `not`, its negation."""
    if isinstance(condition, Every | Some):
        for part in condition.of:
            yield from leaves(part, asked=asked)
    elif isinstance(condition, Not):
        yield from leaves(condition.of, asked=not asked)
    else:
        yield condition, asked


def text(condition: Condition) -> str:
    """The condition as it is stored: one text for one tree."""
    return orjson.dumps({"version": VERSION, "when": _plain(condition)}, option=orjson.OPT_SORT_KEYS).decode()


@lru_cache(maxsize=4096)
def read(stored: str) -> Condition:
    """The condition in a stored text; raises `Invalid`."""
    return parse(orjson.loads(stored))


def parse(said: object, path: Sequence[str] = ("condition",)) -> Condition:
    """The condition in plain values. Raises `Invalid`, which names the place that is wrong."""
    match said:
        case {"version": int(version), "when": when, **others} if version == VERSION and not others:
            return built(when, (*path, "when"))
        case {"version": _, "when": _, **others} if not others:
            raise Invalid(Detail((*path, "version"), "VERSION", str(VERSION)))
        case _:
            raise Invalid(Detail(tuple(path), "FORM"))


def built(when: object, path: Sequence[str] = ("condition",)) -> Condition:
    """The condition in a tree of plain values. Raises `Invalid`, which names the place that is wrong."""
    condition = _node(when, tuple(path), 1)
    if sum(1 for _ in leaves(condition)) > MOST_LEAVES:
        raise Invalid(Detail(tuple(path), "LEAVES", str(MOST_LEAVES)))
    return condition


def _node(said: object, path: tuple[str, ...], level: int) -> Condition:
    if level > DEEPEST:
        raise Invalid(Detail(path, "DEPTH", str(DEEPEST)))
    if not isinstance(said, dict) or len(said) != 1:
        raise Invalid(Detail(path, "FORM"))
    ((word, value),) = said.items()
    here = (*path, str(word))
    match word, value:
        case (("all" | "any"), []) if level > 1:  # who reads the others aloud would leave it out
            raise Invalid(Detail(here, "FORM"))
        case (("all" | "any"), list()):
            parts = tuple(_node(part, (*here, str(place)), level + 1) for place, part in enumerate(value))
            return Every(parts) if word == "all" else Some(parts)
        case "not", _:
            return Not(_node(value, here, level + 1))
        case _:
            return _leaf(word, value, here)


def _leaf(word: object, value: object, path: tuple[str, ...]) -> Leaf:
    match word, value:
        case "tier", int() if value in TIER_NAMES and not isinstance(value, bool):
            return Tier(value)
        case "fact", str():
            return Fact(*_words([value], RecordFact, path))
        case "age", list():
            return Age(frozenset(_words(value, AgeBand, path)))
        case "kind", list():
            return Kind(frozenset(_words(value, SubjectKind, path)))
        case "district", list():
            return District(frozenset(_checked(value, districts.EVERY, path)))
    raise Invalid(Detail(path, "FORM"))


def _words(said: Sequence[object], words: type[Word], path: tuple[str, ...]) -> Sequence[Word]:
    return [words(one) for one in _checked(said, [word.value for word in words], path)]


def _checked(said: Sequence[object], known: Collection[str], path: tuple[str, ...]) -> Sequence[str]:
    found = [one for one in said if isinstance(one, str) and one in known]
    if not found or len(found) < len(said):
        raise Invalid(Detail(path, "UNKNOWN"))
    return found


def _plain(condition: Condition) -> Mapping[str, Any]:
    match condition:
        case Every(of):
            return {"all": [_plain(part) for part in of]}
        case Some(of):
            return {"any": [_plain(part) for part in of]}
        case Not(of):
            return {"not": _plain(of)}
        case Tier(at_least):
            return {"tier": at_least}
        case Fact(fact):
            return {"fact": fact.value}
        case Age(bands):
            return {"age": _sorted(bands, list(AgeBand).index)}
        case Kind(kinds):
            return {"kind": _sorted(kinds, list(SubjectKind).index)}
        case District(names):
            return {"district": sorted(names, key=districts.EVERY.index)}


def _sorted(words: Collection[Word], place: Callable[[Word], int]) -> list[str]:
    return [word.value for word in sorted(words, key=place)]
