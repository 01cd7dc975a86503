"""Who sends a request: its token, and the proof that the token is the sender's own (RFC 6750, RFC 9449)."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from api.dpop import InvalidProof, NonceNeeded, Proofs
from api.tokens import InvalidToken, Verifier
from core.errors import BadCall
from core.principal import ANONYMOUS, Principal, Proof
from schema.streams import Bearer

_log = structlog.get_logger("haihe.tokens")
NONCE_HEADER = "DPoP-Nonce"


class Authenticator:
    """Believes tokens, and proofs where a token is bound to a key."""

    def __init__(self, verifier: Verifier, proofs: Proofs) -> None:
        self._verifier = verifier
        self._proofs = proofs

    def sender(
        self, authorizations: Sequence[str], proofs: Sequence[str], *, method: str, path: str, at: datetime
    ) -> tuple[Principal, Proof | None]:
        """Who a request's Authorization and DPoP headers say is calling, and by which proof: nobody without a token.

        Raises `BadCall`: UNAUTHENTICATED for two tokens, another scheme, and a token that proves nothing or has not the
        scheme's kind; PROOF_REQUIRED for a bound token without its proof; PROOF_NONCE and PROOF_INVALID.
        """
        if not authorizations:
            return ANONYMOUS, None
        scheme, _, token = authorizations[0].partition(" ")
        scheme, token = scheme.lower(), token.strip()
        if len(authorizations) != 1 or scheme not in ("bearer", "dpop"):
            raise BadCall("UNAUTHENTICATED")
        try:
            principal = self._verifier.principal(token, at=at)
        except InvalidToken:
            raise BadCall("UNAUTHENTICATED") from None
        if scheme == "bearer":
            if principal.bound_to is not None:
                raise BadCall("PROOF_REQUIRED")
            return principal, None
        if principal.bound_to is None:
            raise BadCall("UNAUTHENTICATED")
        return principal, self._proof(principal, proofs, method=method, path=path, token=token, at=at)

    def bearer(self, principal: Principal, authorizations: Sequence[str], at: datetime) -> Bearer:
        """A sender who is going to listen, until their token expires; raises `BadCall` for nobody.

        A proof that came with the token is not asked for again: what goes through a connection later comes from whoever
        opened it.
        """
        if principal is ANONYMOUS:
            raise BadCall("UNAUTHENTICATED")
        token = authorizations[0].partition(" ")[2].strip()

        def believed(at: datetime) -> bool:
            try:
                return self._verifier.principal(token, at=at) == principal
            except InvalidToken:
                return False

        return Bearer(principal, self._verifier.until(token, at=at), believed)

    def nonce(self, proofs: Sequence[str], at: datetime) -> dict[str, str]:
        """The header that gives the next nonce to whoever sends proofs."""
        return {NONCE_HEADER: self._proofs.nonces.current(at)} if proofs else {}

    @staticmethod
    def check_arrival(proof: Proof | None, at: datetime) -> None:
        """Whether a request's body came while its proof is remembered; raises `BadCall`.

        Who sends a body slowly enough would otherwise show a proof again when it has been forgotten.
        """
        if proof is not None and at > proof.until:
            raise BadCall("PROOF_INVALID", reason="iat")

    def _proof(
        self, principal: Principal, proofs: Sequence[str], *, method: str, path: str, token: str, at: datetime
    ) -> Proof:
        try:
            proof = self._proofs.read(proofs, method=method, path=path, at=at, token=token)
            if proof.key != principal.bound_to:
                raise InvalidProof("key")
        except NonceNeeded:
            raise BadCall("PROOF_NONCE") from None
        except InvalidProof as refused:
            # Either an integrator's mistake, or somebody who holds a token that is not theirs.
            _log.warning("proof_refused", reason=str(refused))
            raise BadCall("PROOF_INVALID", reason=str(refused)) from None
        return proof
