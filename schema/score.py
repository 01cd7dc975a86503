"""海河分 as its owner sees it: value, scale, and what moved it. Nobody else ever does."""

from datetime import datetime
from functools import cache

import strawberry

from core.statements import Row
from credit import scale
from schema.records import ObjectionMark, marks_of

_MESSAGES = {
    "BASE": "基础分",
    "HONOURS": "获得诚实守信相关荣誉",
    "LICENCES": "依法取得行政许可",
    "NO_ADVERSE": "没有失信信息",
    "ADVERSE": "存在失信信息",
}


@strawberry.type(description="One level of the scale, half-open: [from, to).")
class ScoreBand:
    """A band of the scale."""

    code: str
    name: str
    from_: int = strawberry.field(name="from")
    to: int

    @classmethod
    @cache
    def of(cls, band: scale.Band) -> "ScoreBand":
        """The band in the API's words."""
        return cls(code=band.code, name=band.name, from_=band.start, to=band.end)


@strawberry.type(description="The scale in force. What is shipped is a demonstration.")
class ScoreScale:
    """Range and bands."""

    min: int
    max: int
    bands: list[ScoreBand]
    demonstration: bool

    @classmethod
    @cache
    def in_force(cls) -> "ScoreScale":
        """The scale that scores are on."""
        bands = [ScoreBand.of(band) for band in scale.BANDS]
        return cls(min=scale.MINIMUM, max=scale.MAXIMUM, bands=bands, demonstration=True)


@strawberry.type(description="影响因素: one reason, with its contribution in points.")
class ScoreFactor:
    """One factor."""

    code: str
    message: str
    contribution: int


@strawberry.type(description="One's own 海河分: opt-in, for incentives only.")
class HaiheScore:
    """An open score."""

    value: int
    band: ScoreBand
    tier: int
    scale: ScoreScale
    computed_at: datetime
    model_version: str
    factors: list[ScoreFactor]
    objections: list[ObjectionMark]

    @classmethod
    def of(cls, row: Row) -> "HaiheScore":
        """An open score's row."""
        return cls(
            value=row.value,
            band=ScoreBand.of(scale.band_of(row.value)),
            tier=row.tier,
            scale=ScoreScale.in_force(),
            computed_at=row.computed_at,
            model_version=row.model_version,
            factors=[
                ScoreFactor(code=f["code"], message=_MESSAGES[f["code"]], contribution=f["contribution"])
                for f in row.factors
            ],
            objections=marks_of(row),
        )
