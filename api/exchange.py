"""A code for a token (RFC 6749 4.1.3, RFC 7636 4.5): the app's half of signing in. In demonstrations only.

Every way for a code to be wrong is `invalid_grant`, with one body; and whoever tried it has used it up.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hmac import compare_digest
from typing import Any

from api import personas
from api.appconfig import CLIENT_ID
from api.oauth import OAuthRefused, spend, type_of
from api.tokens import LONGEST_LIFE_SECONDS
from core.database import Database
from core.keys import KeyRings
from core.principal import Channel, Proof, Scope
from core.statements import Row
from parties import sessions

_NEEDED = ("code", "client_id", "redirect_uri", "code_verifier")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)


class CodeExchange:
    """Takes codes, gives tokens. `audience` is whom the tokens are for."""

    def __init__(self, database: Database, rings: KeyRings, *, audience: str) -> None:
        self._database = database
        self._rings = rings
        self._audience = audience

    async def token(self, form: Mapping[str, str], proof: Proof | None, at: datetime) -> Mapping[str, Any]:
        """The token behind a code, bound to the proof's key where there is one (RFC 9449 5); raises `OAuthRefused`."""
        if not all(form.get(name) for name in _NEEDED):
            raise OAuthRefused("invalid_request")
        if form["client_id"] != CLIENT_ID:
            raise OAuthRefused("invalid_client")
        # What is raised in here would give the code back.
        async with self._database.writing() as unit:
            await spend(unit, proof)
            code = await sessions.take(unit, form["code"], at=at)
            session = await sessions.of(unit, code.session_id, at=at) if code is not None else None
        if code is None or session is None or not _is_bound(code, form):
            raise OAuthRefused("invalid_grant")
        scopes = tuple(Scope(scope) for scope in code.scope.split())
        persona = personas.PERSONAS[session.name]
        # Who signs in on a page is no program, whatever the persona's own tokens are for.
        channel = Channel.WEB if persona.channel is Channel.API else persona.channel
        token = personas.sign(
            self._rings,
            replace(persona, client=CLIENT_ID, channel=channel, scopes=scopes),
            session.name,
            code.organisation,
            audience=self._audience,
            at=at,
            mandate=code.mandate,
            bound_to=proof.key if proof is not None else None,
        )
        return {
            "access_token": token,
            "token_type": type_of(proof),
            "expires_in": LONGEST_LIFE_SECONDS,
            "scope": code.scope,
        }


def _is_bound(code: Row, form: Mapping[str, str]) -> bool:
    verifier = form["code_verifier"]
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    same = (code.client_id, code.redirect_uri) == (form["client_id"], form["redirect_uri"])
    return same and compare_digest(digest, code.challenge.encode())
