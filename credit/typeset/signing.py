"""Signing a PDF inside (PAdES B-B), so that a reader verifies it offline: by the pdf ring, or an institution's own key.

Imported when the first report is signed: its libraries take longer to load than most of the service.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from asn1crypto import keys as asn1keys
from asn1crypto import x509 as asn1x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from credit.typeset.certificates import NAME, CertificateRefused, SigningFailed, certificate_of, key_of

FIELD = "HaiheReport"


def signed(pdf: bytes, signer: SimpleSigner, *, reason: str = "公共信用信息报告") -> bytes:
    """The PDF with a signature over all of it: nothing may be changed or filled in afterwards. Blocks.
    Raises `SigningFailed`."""
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=reason,
        name=NAME,
    )
    out = BytesIO()
    signing = PdfSigner(meta, signer, new_field_spec=SigFieldSpec(FIELD))
    try:
        signing.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out)
    except SigningError as error:
        raise SigningFailed(type(error).__name__) from None
    return out.getvalue()


@lru_cache(maxsize=4)
def of_ring(secret: bytes) -> SimpleSigner:
    """Who signs with a key of the pdf ring (PEM)."""
    key = key_of(secret)
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SimpleSigner(
        signing_cert=asn1x509.Certificate.load(certificate_of(key).public_bytes(serialization.Encoding.DER)),
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
