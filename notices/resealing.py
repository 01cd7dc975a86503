"""Which columns of notices and webhooks are sealed: what a change of keys makes again."""

from core.backfill import SealedColumn
from notices.tables import outbox, webhook

SEALED = (
    SealedColumn(outbox.c.params_sealed),
    SealedColumn(webhook.c.secret_sealed, bound_to=webhook.c.id),
    SealedColumn(webhook.c.previous_sealed, bound_to=webhook.c.id),
)
