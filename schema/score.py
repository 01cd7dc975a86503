"""海河分 as its owner sees it: value, scale, and what moved it. Nobody else ever does."""

from datetime import datetime
from functools import cache

import strawberry

from core.moments import day_of
from core.statements import Row
from credit import models
from credit.models import Band, Model
from schema.records import ObjectionMark, marks_of


@strawberry.type(description="One level of the scale, half-open: [from, to).")
class ScoreBand:
    """A band of the scale."""

    code: str
    name: str
    from_: int = strawberry.field(name="from")
    to: int

    @classmethod
    @cache
    def of(cls, band: Band) -> "ScoreBand":
        """The band in the API's words."""
        return cls(code=band.code, name=band.name, from_=band.start, to=band.end)


@strawberry.type(description="The scale of the score's model. What is shipped is a demonstration.")
class ScoreScale:
    """Range and bands."""

    min: int
    max: int
    bands: list[ScoreBand]
    demonstration: bool

    @classmethod
    @cache
    def of(cls, model: Model) -> "ScoreScale":
        """A model's scale in the API's words."""
        bands = [ScoreBand.of(band) for band in model.bands]
        return cls(min=model.minimum, max=model.maximum, bands=bands, demonstration=model.demonstration)


@strawberry.type(description="影响因素: one reason, of one dimension, with its contribution in points.")
class ScoreFactor:
    """One factor."""

    code: str
    dimension: str
    message: str
    contribution: int

    @classmethod
    def of(cls, model: Model, code: str, contribution: int) -> "ScoreFactor":
        """A stored factor in its model's words."""
        reason = model.reason(code)
        return cls(code=code, dimension=reason.dimension, message=reason.message, contribution=contribution)


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
        """An open score's row, in the words of the model that made it."""
        model = models.named(row.model_version, on=day_of(row.computed_at))
        return cls(
            value=row.value,
            band=ScoreBand.of(model.band_of(row.value)),
            tier=row.tier,
            scale=ScoreScale.of(model),
            computed_at=row.computed_at,
            model_version=row.model_version,
            factors=[ScoreFactor.of(model, one["code"], one["contribution"]) for one in row.factors],
            objections=marks_of(row),
        )
