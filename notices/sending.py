"""Webhooks over HTTP: one try, signed, bounded in time, to an address that was judged a moment before.

The connection goes to the very address that was judged, so a name that resolves differently a second time gains
nothing. Redirects are failures, and of the answer nothing but its status is read.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import httpx
import orjson

from core.moments import rfc3339
from notices import addresses, signing
from notices.carriers import Message
from notices.errors import NotDelivered

_TIMEOUT = httpx.Timeout(5.0, connect=3.0)
_WHOLE_TRY_SECONDS = 10.0
_LONGEST_CODE = 24
Resolve = Callable[[str, int], Awaitable[Sequence[addresses.Address]]]


async def resolve(host: str, port: int) -> Sequence[addresses.Address]:
    """Every address of a name, as this machine sees it. Raises `NotDelivered`."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDelivered("NAME_UNKNOWN") from None
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


class Webhooks:
    """Carries events to parties. `demonstration` opens this machine's own addresses, and no others."""

    def __init__(self, *, demonstration: bool, resolve: Resolve = resolve) -> None:
        self._demonstration = demonstration
        self._resolve = resolve
        # No connection is kept: the next try may be to another name on the same address.
        self._client = httpx.AsyncClient(
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def carry(self, message: Message, *, at: datetime) -> None:
        """One POST; any 2xx is a yes. Raises `NotDelivered`."""
        try:
            async with asyncio.timeout(_WHOLE_TRY_SECONDS):
                status = await self._post(message, at)
        except (TimeoutError, httpx.TimeoutException):
            raise NotDelivered("TIMEOUT") from None
        except (httpx.ConnectError, OSError):
            raise NotDelivered("UNREACHABLE") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise NotDelivered("BROKEN_ANSWER") from None
        if not 200 <= status <= 299:
            raise NotDelivered(_word(status))

    async def close(self) -> None:
        """Close the client."""
        await self._client.aclose()

    async def _post(self, message: Message, at: datetime) -> int:
        assert message.target is not None  # the relay gives every webhook its target
        parsed = urlsplit(message.target.url)
        host, port = parsed.hostname or "", parsed.port or (443 if parsed.scheme == "https" else 80)
        address = await self._judged(host, port)
        body = body_of(message)
        headers = {
            **signing.headers(message.id, body, message.target.keys, at=at),
            "host": parsed.netloc,
            "content-type": "application/json",
            "user-agent": "haihe-webhooks",
        }
        literal = f"[{address}]" if address.version == 6 else str(address)
        url = parsed._replace(netloc=f"{literal}:{port}").geturl()
        sent = self._client.stream("POST", url, content=body, headers=headers, extensions={"sni_hostname": host})
        async with sent as answer:
            return answer.status_code

    async def _judged(self, host: str, port: int) -> addresses.Address:
        """The address to connect to, IPv4 first. One bad address among a name's many spoils the name."""
        literal = addresses.address_in(host)
        found = [literal] if literal is not None else list(await self._resolve(host, port))
        if not found or not all(addresses.allowed(a, demonstration=self._demonstration) for a in found):
            raise NotDelivered("ADDRESS_REFUSED")
        return min(found, key=lambda address: address.version)


def body_of(message: Message) -> bytes:
    """What a party is told: what happened, when, and to which id or kind of record. The same bytes at every try."""
    return orjson.dumps(
        {
            "type": message.kind.value,
            "timestamp": rfc3339(message.happened_at),
            "data": {"id": message.about, **message.more},
        }
    )


def _word(status: int) -> str:
    if 300 <= status <= 399:
        return "REDIRECT"
    return "GONE" if status == 410 else f"STATUS_{status}"[:_LONGEST_CODE]
