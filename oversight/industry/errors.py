"""What can go wrong with a department's models.

Refused
├── NotTheAuthor      a draft is written and handed in by whoever began it
├── NotSimulated      nobody has seen what this content makes of real counts
├── RunUnderway       this version is run, or simulated, already
├── RunsSpent         the department was told counts so often within a month that it is told no more
├── SheetNumberUsed   another sheet has this number
└── SheetsWaiting     so many of the department's sheets wait to be read that no more are taken
"""

from core.errors import Refused


class NotTheAuthor(Refused):
    """Somebody else began this draft: with two authors nobody would be left to review it."""

    code = "NOT_THE_AUTHOR"


class NotSimulated(Refused):
    """No simulation of exactly this content has ended: nobody knows what it would do."""

    code = "NOT_SIMULATED"


class RunUnderway(Refused):
    """One of this kind is underway over this version; the next one waits for its end."""

    code = "RUN_UNDERWAY"


class RunsSpent(Refused):
    """So many simulations and runs of the department's within a month: what is rounded by lot is not averaged out."""

    code = "RUNS_SPENT"


class SheetNumberUsed(Refused):
    """The department's number for a sheet was given to another file, or for another version."""

    code = "SHEET_NUMBER_USED"


class SheetsWaiting(Refused):
    """So many of the department's sheets wait to be read that no more are taken."""

    code = "SHEETS_WAITING"
