"""Which columns of cases are sealed: what a change of keys makes again."""

from core.backfill import SealedColumn
from objections.tables import objection, verification

SEALED = (
    SealedColumn(objection.c.address_sealed),
    SealedColumn(objection.c.applicant_sealed),
    SealedColumn(verification.c.right_sealed),
)
