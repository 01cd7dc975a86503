"""What can go wrong when the city is supervised.

ValueError
└── AreasRefused     a list of supervisors that cannot be read, or names somebody who cannot be one
Refused
├── SamplesSpent     as many samples as a department draws in a quarter were asked for
├── SampleOver       its time is over
├── ComplaintStands  it is not open, or not any more: nothing is looked at, and that step does not start here
└── NotAsRegistered  who confirms a complaint has another person's before them
"""

from core.errors import Refused


class AreasRefused(ValueError):
    """Nothing of the list was entered; its text says the line, in Chinese."""


class SamplesSpent(Refused):
    """A department draws so many samples in a quarter, and no more."""

    code = "SAMPLES_SPENT"


class SampleOver(Refused):
    """What was drawn is not read any more."""

    code = "SAMPLE_OVER"


class ComplaintStands(Refused):
    """A complaint waits for its second person, or is closed, or its term is over, or all its looks were had."""

    code = "COMPLAINT_STATE"


class NotAsRegistered(Refused):
    """Two people read one complaint, and wrote down two people's numbers or names."""

    code = "NOT_AS_REGISTERED"
