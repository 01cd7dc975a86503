"""What can be said no to about the record and the score.

Refused
├── ScoreNotApplicable   organisations and minors have no Haihe score
├── ScoreAlreadyOpen     it is open; nothing was computed anew
├── ReviewPending        a human is asked already
├── ReviewNotOpen        nobody is asked any more
├── ScoreNotOpen         it is not open, so it cannot be closed or used
├── ReportNotReady       its pages are being set; in a moment they are there
├── ReportTooLong        there are more records in the period than one report takes
├── ExportPending        a copy of everything is being made already
├── ExportTooSoon        the last one was asked for less than a day ago
├── ExportNotReady       it is being made
└── ExportExpired        its term is over, and its file is gone
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


class ReviewPending(Refused):
    """A human is asked already: one request waits at a time."""

    code = "REVIEW_PENDING"


class ReviewNotOpen(Refused):
    """The request is answered, or its score is closed."""

    code = "REVIEW_NOT_OPEN"


class ReportNotReady(Refused):
    """The report is issued and its PDF is being set."""

    code = "REPORT_NOT_READY"


class ReportTooLong(Refused):
    """More records than one report takes: a shorter period has fewer."""

    code = "REPORT_TOO_LONG"


class ExportPending(Refused):
    """One copy at a time is made for a subject."""

    code = "EXPORT_PENDING"


class ExportTooSoon(Refused):
    """The last copy was asked for less than a day ago."""

    code = "EXPORT_TOO_SOON"


class ExportNotReady(Refused):
    """The copy is asked for and being made."""

    code = "EXPORT_NOT_READY"


class ExportExpired(Refused):
    """The copy's term is over, and its file is gone."""

    code = "EXPORT_EXPIRED"
