"""Age bands: all that an offer may ask of somebody's age. Pure.

CHOICE: closed and half-open by whole years lived (周岁, 民法典 17), so that two offers cannot narrow a person down to a
year. 18 is full age (民法典 17), 60 is old age (老年人权益保障法 2), 65 and 80 are where cities' benefits for the old
step up; 25, 35 and 45 only divide what lies between.
"""

from datetime import date

from core.identity import age_on
from credit.kinds import AgeBand

# Where each band begins; it ends where the next begins, and the last never.
STARTS = {
    AgeBand.UNDER_18: 0,
    AgeBand.FROM_18: 18,
    AgeBand.FROM_25: 25,
    AgeBand.FROM_35: 35,
    AgeBand.FROM_45: 45,
    AgeBand.FROM_60: 60,
    AgeBand.FROM_65: 65,
    AgeBand.FROM_80: 80,
}


def band_on(born: date, today: date) -> AgeBand:
    """The band somebody born on a day is in on another; whoever is not born yet is in the first."""
    age = age_on(born, today)
    return next((band for band, start in reversed(STARTS.items()) if age >= start), AgeBand.UNDER_18)
