"""The relay of a running service: which carrier takes which way, and where the shipped ones write."""

import random
from collections.abc import Callable

from api.house import House
from core.installation import Kind
from notices.carriers import Carrier, FilePost, FileSms
from notices.kinds import Way
from notices.relay import Relay
from notices.sending import Webhooks


def relay_of(house: House, kind: Kind, *, jitter: Callable[[], float] = random.random) -> tuple[Relay, Webhooks]:
    """The relay over an opened house, and the webhook client that is to be closed after it."""
    folder = house.settings.data / "outgoing"
    hooks = Webhooks(demonstration=kind is Kind.DEMONSTRATION)
    carriers: dict[Way, Carrier] = {
        Way.SMS: FileSms(folder / "sms"),
        Way.POST: FilePost(folder / "post"),
        Way.WEBHOOK: hooks,
    }
    return Relay(house.database, house.vault, carriers, jitter=jitter), hooks
