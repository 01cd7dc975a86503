"""The demonstration city's card reader: it reads the cards of invented people. Refused on a real database.

Its key stands in this file for everybody to see: whoever has it can state that an invented card was read.
"""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from core.identity import BadIdentity, IdentityNumber, IdentityType, parse
from core.moments import day_of
from grants.card_reading import CardRead, HolderCheck, KioskDocument

NAME = "demonstration"
LIFE = timedelta(minutes=2)  # CHOICE: a reading is of now, and a clock may be a little wrong
LONGEST = 4096
_ALGORITHM, _TYPE = "ES256", "haihe-card+jwt"
_EVERYBODYS = ec.derive_private_key(
    int.from_bytes(hashlib.sha256(b"the reader of a city that does not exist").digest()), ec.SECP256R1()
)
_NEEDED = ["iss", "aud", "jti", "iat", "exp"]


class DemonstrationReader:
    """Reads what `stated` has written."""

    name = "演示读卡器"
    offers = (HolderCheck.PIN, HolderCheck.TEXT_MESSAGE, HolderCheck.FACE)

    def opened(self, statement: str, *, device: str, at: datetime) -> CardRead | None:
        """What it says, if it was signed for this device and is of now."""
        if len(statement) > LONGEST or not statement.isascii():
            return None
        try:
            if jwt.get_unverified_header(statement).get("typ") != _TYPE:
                return None
            claims = jwt.decode(
                statement,
                _EVERYBODYS.public_key(),
                [_ALGORITHM],
                {"verify_exp": False, "verify_iat": False, "require": _NEEDED},
                audience=device,
                issuer=NAME,
            )
            return _read(claims, at) if _is_of_now(claims, at) else None
        # PyJWT's errors are several trees; JSON, base64 and enums add ValueErrors.
        except (jwt.PyJWTError, BadIdentity, ValueError, TypeError, KeyError, RecursionError):
            return None


def stated(
    number: IdentityNumber,
    name: str,
    *,
    device: str,
    at: datetime,
    checked: HolderCheck = HolderCheck.PIN,
    valid_until: date | None = None,
    offered: tuple[HolderCheck, ...] = DemonstrationReader.offers,
    agreed: bool = False,
) -> str:
    """The statement of a reader on which this invented document was laid."""
    is_licence = number.type is IdentityType.USCC
    document = KioskDocument.ELECTRONIC_LICENCE if is_licence else KioskDocument.IDENTITY_CARD
    said: dict[str, Any] = {
        "iss": NAME,
        "aud": device,
        "jti": secrets.token_urlsafe(16),
        "iat": int(at.timestamp()),
        "exp": int((at + LIFE).timestamp()),
        "document": document.value,
        "type": number.type.value,
        "number": number.number,
        "name": name,
        "until": valid_until.isoformat() if valid_until else None,
        "checked": checked.value,
        "offered": [one.value for one in offered],
        "agreed": agreed,
    }
    return jwt.encode(said, _EVERYBODYS, _ALGORITHM, {"typ": _TYPE})


def _is_of_now(claims: dict[str, Any], at: datetime) -> bool:
    issued, expires, now = claims["iat"], claims["exp"], at.timestamp()
    whole = type(issued) is int and type(expires) is int
    return whole and issued <= now + 5 and now < expires <= issued + LIFE.total_seconds()


def _read(claims: dict[str, Any], at: datetime) -> CardRead:
    name, until = claims["name"], claims["until"]
    if not isinstance(name, str) or not isinstance(claims["number"], str):
        raise TypeError("a name and a number are texts")
    return CardRead(
        name_of_it=f"{NAME} {claims['jti']}",
        document=KioskDocument(claims["document"]),
        number=parse(IdentityType(claims["type"]), claims["number"], today=day_of(at)),
        name=name.strip(),
        valid_until=date.fromisoformat(until) if until is not None else None,
        checked=HolderCheck(claims["checked"]),
        offered=frozenset(HolderCheck(one) for one in claims["offered"]),
        agreed=claims["agreed"] is True,
    )
