"""A row as its file has it, whatever form the file is of, and how much of one is read."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

# CHOICE: the widest layout has 29 columns, and two of ours beside them; a table of more than 100 is another one.
MOST_COLUMNS = 100
# In characters. CHOICE: eight times what a row of the longest layout may say. A load keeps 500 rows at once.
LONGEST_ROW = 1 << 16
_NONE: Mapping[int, str] = {}


class Raw(NamedTuple):
    """One row. The first one of a file is its header. `flaws` are codes of checks, by the place of the cell."""

    line: int
    names: Sequence[str]
    cells: list[str]
    flaws: Mapping[int, str] = _NONE
