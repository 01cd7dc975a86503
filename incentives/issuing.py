"""A citizen asks for a code that one store's tills read without a network.

From then on the claim is that store's until a till cannot bring the code any more: online too it is used there alone,
and it is not given back. So a code that is shown at two tills at once is shown at two tills of one shop, which hears of
it when the second one brings it. One code for a redemption: the same until it is over, and no other before that is
settled.
"""

from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import and_, select

from audit.lens import Lens
from core.database import Unit, WriteUnit
from core.errors import Detail, Invalid, NotAvailable, VersionChanged
from core.keys import Key
from core.statements import Row
from core.vault import Vault
from incentives import awaiting, claims, offers, offline
from incentives.errors import NotClaimed, OfflineCodeOut
from incentives.kinds import ClaimStatus
from incentives.offline import Bundle, Code, Good, Signer
from incentives.tables import claim, offer, offer_store, offer_version
from notices import changes
from notices.changes import Change
from notices.kinds import ChangeKind


async def issue(
    unit: WriteUnit, lens: Lens, claim_id: str, store_id: str, *, expected_version: int, at: datetime
) -> bool:
    """Let a claim be used at one of its stores without a network; False when it is out for that store already.

    Raises `NotAvailable`, `Invalid` for an offer or a store of which it is not so, `OfflineCodeOut`, `NotClaimed` or
    `VersionChanged`.
    """
    row = await claims.find(unit, lens, claim_id)
    if row is None:
        raise NotAvailable()
    if claims.status_of(row, at=at) is not ClaimStatus.CLAIMED:
        raise NotClaimed()
    if awaiting.is_out(row, at=at):
        if row.offline_store_id == store_id and at < row.offline_until:
            return False
        raise OfflineCodeOut(retry_at=row.offline_settles_at)
    await _check(unit, row, store_id)
    # Whole seconds, as they are signed.
    issued_at = at.replace(microsecond=0)
    until = min(issued_at + offline.LIFE, row.expires_at.replace(microsecond=0))
    if until <= issued_at:
        raise NotClaimed()
    issued = await unit.run(
        claim.update()
        .where(
            claim.c.id == claim_id,
            claim.c.version == expected_version,
            claim.c.status == ClaimStatus.CLAIMED.value,
        )
        .values(
            version=claim.c.version + 1,
            offline_store_id=store_id,
            offline_cycle=claim.c.reversals + 1,
            offline_issued_at=issued_at,
            offline_until=until,
            offline_settles_at=until + offline.HORIZON,
        )
    )
    if issued != 1:
        raise VersionChanged()
    await changes.tell(unit, Change(lens.subject_id, ChangeKind.CLAIM, claim_id, expected_version + 1), at=at)
    return True


def text_of(vault: Vault, row: Row, *, at: datetime) -> str | None:
    """The code of a claim that is out and can be shown; None otherwise. The same for as long as the key is."""
    unused = claims.status_of(row, at=at) is ClaimStatus.CLAIMED
    if not unused or not awaiting.is_out(row, at=at) or at >= row.offline_until:
        return None
    code = Code(
        row.handle,
        row.offline_cycle,
        row.offline_issued_at,
        row.offline_until,
        needs_order=row.held_cents is not None,
        store=offline.tag_of_store(row.offline_store_id),
        offer=offline.tag_of_offer(row.offer_id, row.offer_version),
    )
    return offline.sign(code, vault.offline_key.kid, _private(vault.offline_key))


def signers(vault: Vault) -> Sequence[Signer]:
    """Whose codes are read: next, active and retired keys, each with its time."""
    return [
        Signer(
            key.kid,
            _private(key).public_key().public_bytes_raw(),
            key.since if key.state == "retired" else None,
        )
        for key in vault.offline_keys
    ]


async def bundle(unit: Unit, party_id: str, store_id: str, *, at: datetime) -> str:
    """What a store's tills need without a network, signed: our public keys, and the words of what is used there without
    one and is not over, in every version up to the one that stands."""
    query = (
        select(offer_version.c.offer_id, offer_version.c.number, offer_version.c.title, offer_version.c.benefit_text)
        .join(offer, offer.c.id == offer_version.c.offer_id)
        .join(
            offer_store,
            and_(offer_store.c.offer_id == offer_version.c.offer_id, offer_store.c.number == offer_version.c.number),
        )
        .where(
            offer.c.party_id == party_id,
            offer_store.c.store_id == store_id,
            offer_version.c.works_offline,
            offer_version.c.number <= offer.c.standing,
            offer_version.c.ends_at > at,
        )
        .order_by(offer_version.c.offer_id, offer_version.c.number)
    )
    goods = [
        Good(offline.tag_of_offer(row.offer_id, row.number), row.title, row.benefit_text)
        for row in await unit.all(query)
    ]
    key = unit.vault.offline_key
    return offline.pack(Bundle(store_id, at, signers(unit.vault), goods), key.kid, _private(key))


async def _check(unit: Unit, row: Row, store_id: str) -> None:
    allowed = select(offer_version.c.works_offline).where(
        offer_version.c.offer_id == row.offer_id, offer_version.c.number == row.offer_version
    )
    version = await unit.first(allowed)
    if version is None or not version.works_offline:
        raise Invalid(Detail(("claimId",), "NOT_OFFLINE"))
    stores = {store.id for store in await offers.stores_of(unit, row.offer_id, row.offer_version)}
    if store_id not in stores or row.held_store_id not in (None, store_id):
        raise Invalid(Detail(("storeId",), "STORE_OF_OFFER"))


def _private(key: Key) -> Ed25519PrivateKey:
    found = serialization.load_pem_private_key(key.secret, None)
    if not isinstance(found, Ed25519PrivateKey):
        raise TypeError("offline codes are signed with Ed25519")
    return found
