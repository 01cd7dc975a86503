"""The demonstration scale of 海河分. Nothing about the real one is published: this is configuration, not fact.

Bands are half-open, [from, to): 650 belongs to the band that starts at 650. The last band is closed by the maximum.
"""

from dataclasses import dataclass

MODEL_VERSION = "demonstration-1"
MINIMUM = 300
MAXIMUM = 1000


@dataclass(frozen=True)
class Band:
    """One level of the scale. `tier` counts from 1; offers ask for a tier, never for a value."""

    tier: int
    code: str
    name: str
    start: int
    end: int


BANDS = (
    Band(1, "STARTING", "起步", 300, 550),
    Band(2, "SOUND", "良好", 550, 650),
    Band(3, "VERY_GOOD", "优良", 650, 750),
    Band(4, "EXCELLENT", "优秀", 750, 850),
    Band(5, "OUTSTANDING", "卓越", 850, 1001),
)


def band_of(value: int) -> Band:
    """The band a value falls in; raises `ValueError` outside the scale."""
    for band in BANDS:
        if band.start <= value < band.end:
            return band
    raise ValueError(f"{value} is outside the scale")
