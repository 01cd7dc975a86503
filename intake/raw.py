"""A row as its file has it, whatever form the file is of, and how much of one is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# CHOICE: the widest layout has 29 columns and ours beside it; twice as many is somebody's own table.
MOST_COLUMNS = 100
# In characters. CHOICE: six times what the longest texts of the longest layout take. A batch of 500 such rows is
# what a load keeps at once.
LONGEST_ROW = 1 << 16


@dataclass(frozen=True, slots=True)
class Raw:
    """One row. The first one of a file is its header. `flaws` are codes of checks, by the place of the cell."""

    line: int
    names: Sequence[str]
    cells: list[str]
    flaws: Mapping[int, str] = field(default_factory=dict)
