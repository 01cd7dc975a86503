"""What an app asks of /oauth/authorize, read and checked: authorization code with PKCE (RFC 6749 4.1, RFC 7636). Pure.

Who sends a browser here is not known. So until client and address are seen to be the app's own, nobody is sent on;
from then on every no goes to that address, and to no other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.appconfig import CLIENT_ID
from api.personas import APP_SCOPES
from api.settings import DEMONSTRATION_ISSUER

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_MANDATE = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)
_PROMPTS = {"", "none", "login"}
_LONGEST_STATE = 512
_LONGEST_ADDRESS = 300


class Unusable(Exception):
    """The request names no client and address of ours: nobody is sent on."""


class Denied(Exception):
    """A no that the app may hear: where the browser goes with it."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


@dataclass(frozen=True)
class Asked:
    """A checked request. Scopes are those of ours; `prompt` is empty, none or login."""

    redirect_uri: str
    state: str
    challenge: str
    scopes: frozenset[str]
    prompt: str
    mandate: str | None

    def granted(self, code: str) -> str:
        """Where the browser goes with a code."""
        return _location(self.redirect_uri, self.state, code=code)

    def denied(self, error: str) -> Denied:
        """A no under one of OAuth's own words."""
        return Denied(_location(self.redirect_uri, self.state, error=error))


def read(pairs: Sequence[tuple[str, str]], *, redirect_uri: str) -> Asked:
    """The request in these query parameters, when it is the app's and asks to be sent to this very address.

    Raises `Unusable` or `Denied`.
    """
    found = dict(pairs)
    own = found.get("client_id") == CLIENT_ID and found.get("redirect_uri") == redirect_uri
    if not own or len(found) != len(pairs) or len(redirect_uri) > _LONGEST_ADDRESS:
        raise Unusable
    state = found.get("state", "")
    error = _error(found)
    if len(state) > _LONGEST_STATE:
        error, state = "invalid_request", ""
    if error is not None:
        raise Denied(_location(redirect_uri, state, error=error))
    return Asked(
        redirect_uri,
        state,
        found["code_challenge"],
        frozenset(found.get("scope", "").split()) or frozenset(APP_SCOPES),
        found.get("prompt", ""),
        found.get("mandate"),
    )


def _error(found: dict[str, str]) -> str | None:
    if found.get("response_type") != "code":
        return "unsupported_response_type" if found.get("response_type") else "invalid_request"
    if found.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(found.get("code_challenge", "")):
        return "invalid_request"
    if found.get("prompt", "") not in _PROMPTS or not _MANDATE.fullmatch(found.get("mandate", "none")):
        return "invalid_request"
    return None if set(found.get("scope", "").split()) <= APP_SCOPES else "invalid_scope"


def _location(redirect_uri: str, state: str, **said: str) -> str:
    """With the issuer's name, so that an app with two issuers cannot be confused (RFC 9207)."""
    answer = {**said, "state": state, "iss": DEMONSTRATION_ISSUER}
    return f"{redirect_uri}?{urlencode({name: value for name, value in answer.items() if value})}"
