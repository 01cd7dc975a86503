"""A subject's notices as plain values, for their own copy (个人信息保护法 45)."""

from core.database import Unit
from core.paging import PageRequest
from core.portions import Entry, Portion, portion
from core.statements import Row
from notices import inbox, outbox, sentences
from notices.kinds import EventKind


async def notices(unit: Unit, subject_id: str, request: PageRequest) -> Portion:
    """What the subject was told, newest first, in Chinese, and what became of messages sent besides."""
    page = await inbox.page(unit, subject_id, request, unread_only=False)
    sent = await inbox.deliveries(unit, [row.id for row in page.items])

    def made(row: Row) -> Entry:
        said = sentences.notice(EventKind(row.kind), outbox.params_of(unit.vault, row), "zh")
        return {
            "id": row.id,
            "kind": row.kind,
            "message": said,
            "at": row.at,
            "about": row.about,
            "readAt": row.read_at,
            "deliveries": [_delivery(one) for one in sent.get(row.id, ())],
        }

    return portion(page, made)


def _delivery(row: Row) -> Entry:
    return {"way": row.way, "state": row.state, "attempts": row.attempts, "endedAt": row.ended_at}
