"""An institution signs with its own certificate; a file that cannot sign stops the start."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from api.house import House
from api.printing import link_of, printer_of
from api.settings import NotConfigured
from core.installation import Kind
from credit.typeset import signing
from credit.typeset.setter import Setter
from tests.credit.test_typeset import is_good, trusts
from tests.harness.city import Templates
from tests.harness.snapshots import COMPANY, printed, record, snapshot


def _own(path: Path, passphrase: str) -> str:
    """A PKCS#12 file of an institution; its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "海津市公共信用中心")])
    at = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    sealed = pkcs12.serialize_key_and_certificates(
        b"own", key, made, None, BestAvailableEncryption(passphrase.encode())
    )
    path.write_bytes(sealed)
    return made.public_bytes(Encoding.PEM).decode()


def test_an_institutions_own_certificate_signs(tmp_path: Path) -> None:
    certificate = _own(tmp_path / "own.p12", "own-word")
    signed = signing.signed(printed(snapshot(COMPANY, [record()])), signing.of_file(tmp_path / "own.p12", "own-word"))
    assert is_good(signed, trusts(certificate))


@pytest.mark.parametrize("broken", ["absent", "another passphrase", "no PKCS#12"])
async def test_a_file_that_cannot_sign_stops_the_start(templates: Templates, tmp_path: Path, broken: str) -> None:
    path = tmp_path / "own.p12"
    if broken == "no PKCS#12":
        path.write_bytes(b"nothing of the kind")
    elif broken == "another passphrase":
        _own(path, "own-word")
    settings = templates.settings(f"sqlite+aiosqlite:///{templates.sqlite}").model_copy(
        update={"pdf_certificate": path, "pdf_passphrase": SecretStr("wrong")}
    )
    house = House(settings)
    with pytest.raises(NotConfigured, match="HAIHE_PDF_CERTIFICATE"):
        printer_of(house, Kind.DEMONSTRATION, Setter())
    await house.close()


def test_the_code_stands_after_the_hash() -> None:
    before, _, after = link_of("https://credit.example", "NUMB-ER", "CO-DE").partition("#")
    assert before == "https://credit.example/check"
    assert after == "NUMB-ER.CO-DE"
