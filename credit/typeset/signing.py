"""Signing a PDF inside (PAdES B-B), so that a reader verifies it offline: by the pdf ring, or an institution's own key.

The ring's certificate is made of the key alone, the same bytes in every process: whoever trusts it once trusts it on.
"""

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from asn1crypto import keys as asn1keys
from asn1crypto import x509 as asn1x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "HaiheReport"
_NAME = "海河信用公共信用管理机构"
# A key is changed long before; a signature is checked long after.
_FROM, _UNTIL = datetime(2024, 11, 6, tzinfo=UTC), datetime(2054, 11, 6, tzinfo=UTC)


class CertificateRefused(ValueError):
    """The institution's certificate file cannot be used to sign."""


def signed(pdf: bytes, signer: SimpleSigner) -> bytes:
    """The PDF with a signature over all of it: nothing may be changed or filled in afterwards. Blocks."""
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason="公共信用信息报告",
        name=_NAME,
    )
    out = BytesIO()
    PdfSigner(meta, signer, new_field_spec=SigFieldSpec(FIELD)).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), output=out
    )
    return out.getvalue()


@lru_cache(maxsize=4)
def of_ring(secret: bytes) -> SimpleSigner:
    """Who signs with a key of the pdf ring (PEM)."""
    key = _key(secret)
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SimpleSigner(
        signing_cert=asn1x509.Certificate.load(_certificate(key).public_bytes(serialization.Encoding.DER)),
        signing_key=asn1keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )


def of_file(path: Path, passphrase: str) -> SimpleSigner:
    """Who signs with an institution's own certificate: a PKCS#12 file with key, certificate and chain. Raises
    `CertificateRefused`."""
    if not path.is_file():
        raise CertificateRefused(f"no file at {path}")
    known = passphrase.encode() if passphrase else None
    found: SimpleSigner | None = SimpleSigner.load_pkcs12(str(path), passphrase=known)  # type: ignore[no-untyped-call]
    if found is None or found.signing_cert is None:
        raise CertificateRefused(f"{path} is no PKCS#12 file with a key and a certificate, or the passphrase is wrong")
    return found


def certificate(secret: bytes) -> str:
    """The self-signed certificate of a key of the pdf ring, as PEM: what is given to whoever is to trust it."""
    return _certificate(_key(secret)).public_bytes(serialization.Encoding.PEM).decode()


def _key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(secret, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # the ring has no other kind
    return key


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    public = key.public_key()
    told = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
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
