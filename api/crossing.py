"""Which pages of other origins a browser may let call the service (CORS): those that are named, and none by default.

Nobody is known by a cookie here, so no credentials are ever let through; a token comes in its own header.
"""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

_METHODS = ("GET", "POST", "PUT", "DELETE")
_SENT = ("Authorization", "DPoP")
_SHOWN = ("DPoP-Nonce", "RateLimit", "RateLimit-Policy", "Retry-After", "WWW-Authenticate")
_SECONDS = 600


def opened(app: ASGIApp, allowed: Sequence[str]) -> ASGIApp:
    """The same application, that tells browsers who may call it; itself where nobody is named."""
    if not allowed:
        return app
    return CORSMiddleware(
        app,
        allow_origins=allowed,
        allow_methods=_METHODS,
        allow_headers=_SENT,
        allow_credentials=False,
        expose_headers=_SHOWN,
        max_age=_SECONDS,
    )
