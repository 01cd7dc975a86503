"""The certificate of a key of the pdf ring, made of the key alone, the same bytes in every process: whoever trusts it
once trusts it on. Apart from `signing`, whose libraries are a fifth of all that a process would load at its start."""

import hashlib
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "海河信用公共信用管理机构"
# A key is changed long before; a signature is checked long after.
_FROM, _UNTIL = datetime(2024, 11, 6, tzinfo=UTC), datetime(2054, 11, 6, tzinfo=UTC)


class CertificateRefused(ValueError):
    """The institution's certificate file cannot be used to sign."""


class SigningFailed(RuntimeError):
    """This report cannot be signed; others can."""


def certificate(secret: bytes) -> str:
    """The self-signed certificate of a key of the pdf ring, as PEM: what is given to whoever is to trust it."""
    return certificate_of(key_of(secret)).public_bytes(serialization.Encoding.PEM).decode()


def key_of(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """A key of the ring, from its PEM."""
    key = serialization.load_pem_private_key(secret, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # the ring has no other kind
    return key


def certificate_of(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """Its self-signed certificate."""
    public = key.public_key()
    told = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(int.from_bytes(hashlib.sha256(told).digest()[:16]) >> 1)
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
