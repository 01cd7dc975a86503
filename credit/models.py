"""The models of 海河分, in versions: parameters, dimensions, bands, tiers, as data (`models*.csv`). Pure.

Nothing about the real one is published (Art. 11 names it and says no more): what stands here is configuration, not
fact, and is marked a demonstration. The version in force on a day is the latest that began by then. Bands are
half-open, [start, end): 650 belongs to the band that starts at 650. The last band is closed by the maximum.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True)
class Band:
    """One level of a scale. `tier` counts from 1; offers ask for a tier, never for a value."""

    tier: int
    code: str
    name: str
    start: int
    end: int


class Counts(Enum):
    """What a reason counts among someone's records."""

    ALWAYS = "ALWAYS"  # once, whatever there is
    CATEGORY = "CATEGORY"  # each record of this category
    NATURE = "NATURE"  # each record of this nature
    NO_NATURE = "NO_NATURE"  # once, when there is none of this nature


@dataclass(frozen=True)
class Reason:
    """影响因素: `points` for each thing counted, at most `most` of them up or down, so that no single kind decides."""

    code: str
    dimension: str
    message: str
    counts: Counts
    of: str
    points: int
    most: int


@dataclass(frozen=True, eq=False)
class Model:
    """One version: from which day it holds, its scale, and what moves a value on it."""

    version: str
    begins: date
    demonstration: bool
    minimum: int
    maximum: int
    bands: tuple[Band, ...]
    reasons: tuple[Reason, ...]

    def band_of(self, value: int) -> Band:
        """The band a value falls in; raises `ValueError` outside the scale."""
        for band in self.bands:
            if band.start <= value < band.end:
                return band
        raise ValueError(f"{value} is outside the scale")

    def reason(self, code: str) -> Reason:
        """The reason with this code; raises `KeyError`."""
        for reason in self.reasons:
            if reason.code == code:
                return reason
        raise KeyError(code)


def read(models: Iterable[str], bands: Iterable[str], reasons: Iterable[str]) -> tuple[Model, ...]:
    """The models in three files' lines, oldest first. Raises `ValueError` for a scale with a gap, an overlap or an end
    that is not the range's, and for tiers that do not count from 1."""
    bands_of = _grouped(bands)
    reasons_of = _grouped(reasons)
    found = [
        Model(
            row["version"],
            date.fromisoformat(row["from"]),
            row["demonstration"] == "yes",
            int(row["minimum"]),
            int(row["maximum"]),
            tuple(_band(one) for one in bands_of[row["version"]]),
            tuple(_reason(one) for one in reasons_of[row["version"]]),
        )
        for row in csv.DictReader(models)
    ]
    for model in found:
        _check(model)
    return tuple(sorted(found, key=lambda model: model.begins))


def _grouped(lines: Iterable[str]) -> Mapping[str, Sequence[Mapping[str, str]]]:
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in csv.DictReader(lines):
        found.setdefault(row["version"], []).append(row)
    return found


def _band(row: Mapping[str, str]) -> Band:
    return Band(int(row["tier"]), row["code"], row["name"], int(row["start"]), int(row["end"]))


def _reason(row: Mapping[str, str]) -> Reason:
    return Reason(
        row["code"],
        row["dimension"],
        row["message"],
        Counts(row["counts"]),
        row["of"],
        int(row["points"]),
        int(row["most"]),
    )


def _check(model: Model) -> None:
    edges = [model.minimum, *(band.end for band in model.bands)]
    whole = [band.start for band in model.bands] == edges[:-1] and edges[-1] == model.maximum + 1
    rising = all(early < late for early, late in pairwise(edges))
    counted = [band.tier for band in model.bands] == list(range(1, len(model.bands) + 1))
    if not (whole and rising and counted):
        raise ValueError(f"the bands of {model.version} are not its scale")


def _load() -> tuple[Model, ...]:
    texts = [
        Path(__file__).with_name(name).read_text("utf-8").splitlines()
        for name in ("models.csv", "models_bands.csv", "models_reasons.csv")
    ]
    return read(*texts)


MODELS = _load()


def in_force(on: date) -> Model:
    """The model of a day: the latest that began by then, and before the first one the first."""
    return next((model for model in reversed(MODELS) if model.begins <= on), MODELS[0])


def named(version: str, *, on: date) -> Model:
    """The model of this version; of a version that is not known here, the one in force."""
    return next((model for model in MODELS if model.version == version), None) or in_force(on)
