"""Which columns of counter cases are sealed: what a change of keys makes again."""

from core.backfill import SealedColumn
from grants.tables import counter_case

SEALED = (SealedColumn(counter_case.c.people_sealed),)
