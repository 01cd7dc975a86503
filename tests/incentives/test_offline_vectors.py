"""What the till's page checks its own verifier against: codes and bundles, made here by the service's code."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from incentives import offline
from incentives.offline import LIFE, Bundle, Code, Good, Signer
from tests.harness.servers import ROOT

_FILE = ROOT / "web" / "tests" / "offline.json"
_AT = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
_KEYS = {
    kid: Ed25519PrivateKey.from_private_bytes(bytes(range(n, n + 32))) for n, kid in enumerate(("00c0ffee", "00c0ffef"))
}
_OLD, _NEW = _KEYS
_STORE = "sto_here"


def _signer(kid: str, retired_at: datetime | None = None) -> Signer:
    return Signer(kid, _KEYS[kid].public_key().public_bytes_raw(), retired_at)


def _made() -> dict[str, Any]:
    code = Code("012345678", 1, _AT, _AT + LIFE, True, offline.tag_of_store(_STORE), offline.tag_of_offer("ofr_a", 2))
    goods, turned = [Good(code.offer, "八折", "八折，最高减30元")], _AT - timedelta(hours=1)
    bundles = {
        "first": (Bundle(_STORE, _AT, [_signer(_OLD), _signer(_NEW)], goods), _OLD),
        "next": (Bundle(_STORE, _AT + timedelta(minutes=1), [_signer(_OLD, turned), _signer(_NEW)], goods), _NEW),
        "older": (Bundle(_STORE, _AT - timedelta(minutes=1), [_signer(_OLD)], goods), _OLD),
        "elsewhere": (Bundle("sto_there", _AT + timedelta(minutes=2), [_signer(_NEW)], goods), _NEW),
    }
    return {
        "at": _AT.isoformat(),
        "code": offline.sign(code, _NEW, _KEYS[_NEW]),
        "byRetired": offline.sign(code, _OLD, _KEYS[_OLD]),
        "bundles": {name: offline.pack(bundle, kid, _KEYS[kid]) for name, (bundle, kid) in bundles.items()},
    }


def test_the_tills_page_checks_what_the_service_makes() -> None:
    """Written anew with `python -m tests.incentives.test_offline_vectors`."""
    assert json.loads(_FILE.read_text("utf-8")) == _made()


if __name__ == "__main__":
    _FILE.write_text(json.dumps(_made(), ensure_ascii=False, indent=1) + "\n", "utf-8")
