"""What the app must know before anybody signs in: where to, as whom, and where the service's counters are.

GET /app/config.json. A demonstration signs in at the built-in issuer; a real installation where its settings say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

from api.demo.places import COUNTERS
from api.origin import TOKEN_PATH
from api.personas import APP_SCOPES
from api.settings import DEMONSTRATION_ISSUER, NotConfigured, ServiceCounter, Settings
from core.installation import Kind

PATH = "/app/config.json"
CLIENT_ID = "haihe-app"
AUTHORIZE_PATH = "/oauth/authorize"
_NEEDED = ("app_issuer", "app_authorization_endpoint", "app_token_endpoint", "app_client_id", "app_scope")
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True)
class AppConfig:
    """The app's issuer, in OAuth's words. In a demonstration the endpoints are paths of this very origin.

    Without `end_session_endpoint` (OpenID RP-Initiated Logout) signing out leaves the issuer's own session as it is.
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    client_id: str
    scope: str
    end_session_endpoint: str
    demonstration: bool
    counters: Sequence[ServiceCounter]

    @property
    def origin(self) -> str:
        """The origin of the token endpoint; empty when it is our own."""
        url = urlsplit(self.token_endpoint)
        return f"{url.scheme}://{url.netloc}" if url.netloc else ""

    def json(self) -> bytes:
        """What the app is answered."""
        return orjson.dumps(
            {
                "issuer": self.issuer,
                "authorizationEndpoint": self.authorization_endpoint,
                "tokenEndpoint": self.token_endpoint,
                "clientId": self.client_id,
                "scope": self.scope,
                "endSessionEndpoint": self.end_session_endpoint,
                "demonstration": self.demonstration,
                "counters": [counter.model_dump() for counter in self.counters],
            }
        )


def of(settings: Settings, kind: Kind) -> AppConfig | None:
    """The app's configuration, or None where no app is offered; raises `NotConfigured` for half of one."""
    given = {name: getattr(settings, name) for name in _NEEDED}
    optional = settings.app_counters or settings.app_end_session_endpoint
    if kind is Kind.DEMONSTRATION:
        if any(given.values()) or optional:
            raise NotConfigured("HAIHE_APP_* belongs to a real database: a demonstration has its own issuer")
        scope = " ".join(sorted(APP_SCOPES))
        return AppConfig(DEMONSTRATION_ISSUER, AUTHORIZE_PATH, TOKEN_PATH, CLIENT_ID, scope, "", True, COUNTERS)
    if not any(given.values()) and not optional:
        return None
    missing = [f"HAIHE_{name.upper()}" for name, value in given.items() if not value]
    if missing:
        raise NotConfigured(f"{', '.join(missing)} missing: the app is configured in part")
    _check(settings)
    issuer, authorize, token, client_id, scope = given.values()
    end = settings.app_end_session_endpoint
    return AppConfig(issuer, authorize, token, client_id, scope, end, False, settings.app_counters)


def _check(settings: Settings) -> None:
    if settings.app_issuer not in {trusted.issuer for trusted in settings.issuers}:
        raise NotConfigured("HAIHE_APP_ISSUER is not one of HAIHE_ISSUERS: nobody could use its tokens")
    for name in ("app_authorization_endpoint", "app_token_endpoint", "app_end_session_endpoint"):
        given = getattr(settings, name)
        if not _is_safe(given) and (given or name in _NEEDED):
            raise NotConfigured(f"HAIHE_{name.upper()} must be an https URL without credentials or a fragment")


def _is_safe(text: str) -> bool:
    """A URL to which a code may be sent, and that can stand in a content policy."""
    try:
        url = urlsplit(text)
        host, _ = url.hostname or "", url.port
    except ValueError:
        return False
    safe = url.scheme == "https" or (url.scheme == "http" and host in _LOOPBACK)
    plain = text.isascii() and text.isprintable() and not set(text) & set(" ;,'\"#@\\")
    return safe and bool(host) and plain
