"""Where callers find this service, as its settings say it: what a proof must name (RFC 9449 4.3, `htu`).

Never what a request says of itself: a proof made for another server would hold here when its Host came along.
"""

from collections.abc import Sequence
from ipaddress import ip_network
from urllib.parse import urlsplit

from api.settings import NotConfigured, Settings
from core.installation import Kind

# Where programs, and the app of a demonstration, get their tokens there.
TOKEN_PATH = "/oauth/token"  # noqa: S105 (a path)


def of(settings: Settings, kind: Kind) -> str:
    """Scheme, host and port; raises `NotConfigured`. A demonstration without a proxy is found where it listens."""
    if not settings.origin and kind is Kind.DEMONSTRATION:
        return f"http://{settings.host}:{settings.port}"
    if not settings.origin:
        raise NotConfigured("HAIHE_ORIGIN is missing: third parties' proofs name the address that they are made for")
    if not _is_origin(settings.origin) or (kind is Kind.REAL and not settings.origin.startswith("https://")):
        raise NotConfigured("HAIHE_ORIGIN must be an origin such as https://credit.example, without a path")
    return settings.origin


def others(settings: Settings) -> Sequence[str]:
    """The other origins that are let in; raises `NotConfigured` for what is none, as `*` is."""
    for one in settings.cors_origins:
        if not _is_origin(one):
            raise NotConfigured("HAIHE_CORS_ORIGINS must name origins such as https://bank.example, each by itself")
    return settings.cors_origins


def proxies(settings: Settings) -> Sequence[str]:
    """From whom a forwarded address is believed; raises `NotConfigured` for what is neither address nor network."""
    for one in settings.proxies:
        try:
            ip_network(one)
        except ValueError:
            raise NotConfigured("HAIHE_PROXIES must name addresses or networks, such as 10.0.0.0/24") from None
    return settings.proxies


def _is_origin(text: str) -> bool:
    try:
        url = urlsplit(text)
        host, _ = url.hostname, url.port
    except ValueError:
        return False
    return (
        text == f"{url.scheme}://{url.netloc}"
        and url.scheme in ("http", "https")
        and bool(host)
        and not set("@*") & set(text)
    )
