"""Printer and letterer as this service's settings have them: who signs, and where a report's QR code leads."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from api import origin
from api.house import House
from api.settings import NotConfigured, Settings
from core.installation import Kind
from core.keys import KeyRings, Purpose
from credit.printing import Printer
from credit.typeset.certificates import CertificateRefused
from credit.typeset.setter import Setter
from objections.letters import Letterer

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner


def printer_of(house: House, kind: Kind, setter: Setter) -> Printer:
    """The printer over an opened house; raises `NotConfigured` for a certificate that cannot sign."""
    link = partial(link_of, origin.of(house.settings, kind))
    return Printer(house.database, house.blobs, setter, link=link, signer=_signer(house))


def letterer_of(house: House, setter: Setter) -> Letterer:
    """The letterer over an opened house; raises `NotConfigured` for a certificate that cannot sign."""
    return Letterer(house.database, house.blobs, setter, signer=_signer(house))


def link_of(where: str, number: str, code: str) -> str:
    """What the QR code opens: what follows the # stays with the browser, and never stands in a server's log."""
    return f"{where}/check#{number}.{code}"


def _signer(house: House) -> "Callable[[], SimpleSigner]":
    own = _institution(house.settings)
    return lambda: own if own is not None else _ring(house.rings)


def _ring(rings: KeyRings) -> "SimpleSigner":
    from credit.typeset import signing

    return signing.of_ring(rings.active(Purpose.PDF).secret)


def _institution(settings: Settings) -> "SimpleSigner | None":
    if settings.pdf_certificate is None:
        return None
    from credit.typeset import signing

    try:
        return signing.of_file(settings.pdf_certificate, settings.pdf_passphrase.get_secret_value())
    except CertificateRefused as refused:
        raise NotConfigured(f"HAIHE_PDF_CERTIFICATE: {refused}") from None
