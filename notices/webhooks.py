"""Where a party wants its events sent, and the secret they are signed with. One webhook a party."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, select, true

from core import installation
from core.database import Unit, WriteUnit
from core.errors import Invalid, VersionChanged
from core.ids import new_id
from core.installation import Kind
from core.statements import Row
from core.vault import Vault
from notices import addresses, rules, signing
from notices.kinds import DeliveryState, Way, WebhookState
from notices.tables import delivery, outbox, webhook

_SECRET = "webhook.secret_sealed"  # noqa: S105 (the name of a column)
_PREVIOUS = "webhook.previous_sealed"


async def find(unit: Unit, party_id: str) -> Row | None:
    """The party's webhook, or None."""
    return await unit.first(select(webhook).where(webhook.c.party_id == party_id))


async def put(
    unit: WriteUnit, party_id: str, *, url: str, rotate: bool, expected_version: int | None, at: datetime
) -> None:
    """Set the party's webhook: a first one without `expected_version`, a changed one with it.

    Setting it, even to what it was, resumes one that was paused: everything that waited is due at once. `rotate` makes
    a new secret; the old one signs too for a day. Raises `Invalid` for a URL, `VersionChanged`.
    """
    demonstration = await installation.kind_of(unit) is Kind.DEMONSTRATION
    fault = addresses.url_fault(url, demonstration=demonstration)
    if fault is not None:
        raise Invalid(fault)
    if expected_version is None:
        await _create(unit, party_id, url, at)
    else:
        await _change(unit, party_id, url, rotate, expected_version, at)


async def remove(unit: WriteUnit, party_id: str, *, expected_version: int, at: datetime) -> bool:
    """Send no more events; what was due is withdrawn. False when there was none. Raises `VersionChanged`."""
    gone = webhook.delete().where(webhook.c.party_id == party_id, webhook.c.version == expected_version)
    if await unit.run(gone) != 1:
        if await find(unit, party_id) is not None:
            raise VersionChanged()
        return False
    await unit.run(_waiting(party_id).values(state=DeliveryState.WITHDRAWN.value, ended_at=at))
    return True


def secret_of(vault: Vault, row: Row) -> str:
    """The secret that receivers should verify with."""
    return vault.open(_SECRET, row.id, row.secret_sealed)


def secrets_of(vault: Vault, row: Row, *, at: datetime) -> Sequence[str]:
    """The secrets that sign now: the current one, and for a day after a rotation the one before."""
    current = secret_of(vault, row)
    if row.previous_until is None or row.previous_until <= at:
        return [current]
    return [current, vault.open(_PREVIOUS, row.id, row.previous_sealed)]


async def succeeded(unit: WriteUnit, tried: Row) -> None:
    """A try arrived: failures in a row begin anew."""
    mine = (webhook.c.id == tried.id, webhook.c.version == tried.version)
    await unit.run(webhook.update().where(*mine, webhook.c.failures > 0).values(failures=0, failing_since=None))


async def failed(unit: WriteUnit, tried: Row, *, gone: bool, at: datetime) -> None:
    """A try failed: count it, and pause after too many over too long, or at once when the receiver says it is gone.

    A failure of a webhook that has been set anew since counts for nothing.
    """
    often = webhook.c.failures + 1 >= rules.PAUSE_AFTER
    too_many = true() if gone else and_(often, webhook.c.failing_since <= at - rules.PAUSE_PATIENCE)
    counted = webhook.update().where(
        webhook.c.id == tried.id, webhook.c.version == tried.version, webhook.c.state == WebhookState.ACTIVE.value
    )
    await unit.run(
        counted.values(
            failures=webhook.c.failures + 1,
            failing_since=func.coalesce(
                webhook.c.failing_since, bindparam("at", at, type_=webhook.c.failing_since.type)
            ),
            state=case((too_many, WebhookState.PAUSED.value), else_=webhook.c.state),
            paused_at=case((too_many, at), else_=None),
        )
    )


async def _create(unit: WriteUnit, party_id: str, url: str, at: datetime) -> None:
    webhook_id = new_id("whk")
    made = unit.insert(webhook).values(
        party_id=party_id,
        id=webhook_id,
        version=1,
        url=url,
        secret_sealed=unit.vault.seal(_SECRET, webhook_id, signing.new_secret()),
        state=WebhookState.ACTIVE.value,
        failures=0,
        created_at=at,
    )
    if await unit.first(made.on_conflict_do_nothing().returning(webhook.c.id)) is None:
        raise VersionChanged()


async def _change(unit: WriteUnit, party_id: str, url: str, rotate: bool, expected_version: int, at: datetime) -> None:
    row = await find(unit, party_id)
    if row is None or row.version != expected_version:
        raise VersionChanged()
    changed = await unit.run(
        webhook.update()
        .where(webhook.c.party_id == party_id, webhook.c.version == expected_version)
        .values(
            url=url,
            version=webhook.c.version + 1,
            state=WebhookState.ACTIVE.value,
            failures=0,
            failing_since=None,
            paused_at=None,
            **(_rotated(unit.vault, row, at) if rotate else {}),
        )
    )
    if changed != 1:
        raise VersionChanged()
    await unit.run(_waiting(party_id).values(due_at=at))


def _rotated(vault: Vault, row: Row, at: datetime) -> dict[str, Any]:
    return {
        "secret_sealed": vault.seal(_SECRET, row.id, signing.new_secret()),
        "previous_sealed": vault.seal(_PREVIOUS, row.id, secret_of(vault, row)),
        "previous_until": at + rules.ROTATION,
    }


def _waiting(party_id: str) -> Any:
    """The party's messages that are still to be sent."""
    mine = select(outbox.c.id).where(outbox.c.party_id == party_id)
    return delivery.update().where(
        delivery.c.outbox_id.in_(mine),
        delivery.c.way == Way.WEBHOOK.value,
        delivery.c.state == DeliveryState.DUE.value,
    )
