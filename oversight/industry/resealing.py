"""Which columns of a department's own indicators are sealed: what a change of keys makes again."""

from core.backfill import SealedColumn
from oversight.industry.tables import industry_value

SEALED = (SealedColumn(industry_value.c.values_sealed),)
