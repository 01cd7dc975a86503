"""What can go wrong when the city is supervised.

ValueError
└── AreasRefused   a list of supervisors that cannot be read, or names somebody who cannot be one
"""


class AreasRefused(ValueError):
    """Nothing of the list was entered; its text says the line, in Chinese."""
