"""Which of the record's columns are sealed, and which hashes find them: what a change of keys makes again."""

from core.backfill import SealedColumn
from credit.tables import former_identity, report, subject, third_person

SEALED = (
    SealedColumn(subject.c.identity_sealed, subject.c.identity_hash, subject.c.identity_type),
    SealedColumn(subject.c.name_sealed, subject.c.name_hash, "name"),
    SealedColumn(former_identity.c.identity_sealed, former_identity.c.identity_hash, former_identity.c.identity_type),
    SealedColumn(former_identity.c.name_sealed, former_identity.c.name_hash, "name"),
    SealedColumn(third_person.c.sealed),
    SealedColumn(report.c.code_sealed, report.c.code_hash, "report"),
    SealedColumn(report.c.snapshot_sealed),
)
