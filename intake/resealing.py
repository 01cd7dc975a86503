"""Which of the intake's columns are sealed: what a change of keys makes again."""

from core.backfill import SealedColumn
from intake.tables import row_set_aside, sent_batch

SEALED = (SealedColumn(row_set_aside.c.sealed), SealedColumn(sent_batch.c.reason_sealed))
