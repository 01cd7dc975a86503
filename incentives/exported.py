"""What a subject took of offers, as plain values for their own copy (个人信息保护法 45). Not who stood at the till."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from audit.lens import Lens
from core.database import Unit
from core.paging import PageRequest
from core.portions import Entry, Portion, portion
from core.statements import Row
from incentives import claims, offers
from incentives.money import yuan
from incentives.tables import deferral, redemption, reversal, store


async def claimed(unit: Unit, lens: Lens, request: PageRequest, *, at: datetime) -> Portion:
    """Claims, newest first, each with what was redeemed by it and undone again."""
    page = await claims.page(unit, lens, request, None, at=at)
    cards = await offers.cards(unit, {(row.offer_id, row.offer_version) for row in page.items})
    ids = [row.id for row in page.items]
    used, brought = await _redemptions(unit, ids), await _brought(unit, ids)

    def made(row: Row) -> Entry:
        card = cards[row.offer_id, row.offer_version]
        return {
            "id": row.id,
            "offer": {"id": row.offer_id, "title": card.title, "partner": card.party_name},
            "status": claims.status_of(row, at=at).value,
            "noticeHash": row.notice_hash,
            "claimedAt": row.created_at,
            "expiresAt": row.expires_at,
            "storeId": row.held_store_id,
            "redeemedAt": row.redeemed_at,
            "consentEndedAt": row.consent_ended_at,
            "offlineStoreId": row.offline_store_id,
            "offlineIssuedAt": row.offline_issued_at,
            "offlineUntil": row.offline_until,
            "redemptions": used.get(row.id, []),
            "offlineUses": brought.get(row.id, []),
        }

    return portion(page, made)


async def _redemptions(unit: Unit, claim_ids: Collection[str]) -> Mapping[str, list[Entry]]:
    if not claim_ids:
        return {}
    query = (
        select(
            redemption,
            store.c.name.label("store"),
            reversal.c.reversed_at,
            reversal.c.reason.label("undone_for"),
            deferral.c.cents.label("deferred_cents"),
            deferral.c.due_at,
            deferral.c.ended_at,
        )
        .join(store, store.c.id == redemption.c.store_id)
        .outerjoin(reversal, reversal.c.redemption_id == redemption.c.id)
        .outerjoin(deferral, deferral.c.redemption_id == redemption.c.id)
        .where(redemption.c.claim_id.in_(list(claim_ids)))
    )
    found: dict[str, list[Entry]] = {}
    for row in await unit.all(query.order_by(redemption.c.cycle)):
        entry = {
            "number": row.number,
            "store": row.store,
            "offerTitle": row.offer_title,
            "benefit": row.benefit_text,
            "orderNumber": row.order_number,
            "orderAmountYuan": _text(row.order_amount_yuan),
            "benefitAmountYuan": _text(row.benefit_amount_yuan),
            "deferredYuan": None if row.deferred_cents is None else str(yuan(row.deferred_cents)),
            "deferredUntil": row.due_at,
            "finishedAt": row.ended_at,
            "customer": row.customer,
            "redeemedAt": row.redeemed_at,
            "reversedAt": row.reversed_at,
            "reversedFor": row.undone_for,
        }
        found.setdefault(row.claim_id, []).append(entry)
    return found


async def _brought(unit: Unit, claim_ids: Collection[str]) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for row in await claims.offline_uses(unit, claim_ids):
        entry = {
            "store": row.store_name,
            "outcome": row.outcome,
            "acceptedAt": row.accepted_at,
            "uploadedAt": row.uploaded_at,
        }
        found.setdefault(row.claim_id, []).append(entry)
    return found


def _text(amount: object) -> str | None:
    return None if amount is None else str(amount)
