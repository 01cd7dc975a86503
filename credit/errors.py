"""What can be said no to about the record and the score.

Refused
├── ScoreNotApplicable   organisations and minors have no Haihe score
├── ScoreAlreadyOpen     it is open; nothing was computed anew
└── ScoreNotOpen         it is not open, so it cannot be closed or used
"""

from core.errors import Refused


class ScoreNotApplicable(Refused):
    """海河分 is for natural persons with full capacity (条例 2)."""

    code = "SCORE_NOT_APPLICABLE"


class ScoreAlreadyOpen(Refused):
    """The score is open already."""

    code = "SCORE_ALREADY_OPEN"


class ScoreNotOpen(Refused):
    """The score is not open."""

    code = "SCORE_NOT_OPEN"
