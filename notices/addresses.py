"""Where a webhook may be sent: https to the open internet; in a demonstration also to this machine. Pure.

A party names the URL, and the service calls it from inside the city's network. So the address is judged twice: when
the URL is set (its form), and at every try (what the name resolves to then; `sending` connects to that very address).
"""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from core.errors import Detail

LONGEST_URL = 500
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def url_fault(url: str, *, demonstration: bool) -> Detail | None:
    """What is wrong with the form of a webhook's URL, or None."""
    parsed = _parsed(url)
    if parsed is None or parsed.hostname is None:
        return Detail(("url",), "URL_FORMAT", str(LONGEST_URL))
    literal = address_in(parsed.hostname)
    local = parsed.hostname == "localhost" or (literal is not None and literal.is_loopback)
    if parsed.scheme != "https" and not (demonstration and local and parsed.scheme == "http"):
        return Detail(("url",), "URL_SCHEME")
    if (local and not demonstration) or (literal is not None and not allowed(literal, demonstration=demonstration)):
        return Detail(("url",), "URL_ADDRESS")
    return None


def allowed(address: Address, *, demonstration: bool) -> bool:
    """Whether a webhook may go to this address: no private, local or reserved one, however it is wrapped up."""
    inner = _unwrapped(address)
    if inner.is_loopback:
        return demonstration and inner == address
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def address_in(host: str) -> Address | None:
    """The address that a host is written as, or None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _parsed(url: str) -> SplitResult | None:
    """The URL's parts; None for one with credentials, a fragment, blanks, or without a host or a sane port."""
    if not 1 <= len(url) <= LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parsed = urlsplit(url)
        usable = bool(parsed.hostname) and parsed.port != 0
    except ValueError:
        return None
    return parsed if usable and "@" not in parsed.netloc and "#" not in url else None


def _unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that only carries it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)
