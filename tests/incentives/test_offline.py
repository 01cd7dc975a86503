"""A code for tills without a network, and the file of what was spent: by themselves, without the service."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from incentives import offline
from incentives.offline import LIFE, SKEW, Broken, Bundle, Code, Good, Signer
from incentives.spending import Word, spend

_AT = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
_KID, _OTHER_KID = "00c0ffee", "00c0ffef"
_STORE = "sto_here"
_CODE = Code("012345678", 1, _AT, _AT + LIFE, False, offline.tag_of_store(_STORE), offline.tag_of_offer("ofr_a", 2))
_MINUTE = timedelta(minutes=1)


def _signer(kid: str = _KID, key: Ed25519PrivateKey = _KEY, retired_at: datetime | None = None) -> Signer:
    return Signer(kid, key.public_key().public_bytes_raw(), retired_at)


def _bundle(*signers: Signer, store: str = _STORE, at: datetime = _AT) -> Bundle:
    return Bundle(store, at, list(signers) or [_signer()], [Good(_CODE.offer, "八折", "八折，最高减30元")])


def _text(code: Code = _CODE) -> str:
    return offline.sign(code, _KID, _KEY)


# ------------------------------------------------------------------------------------------------------------ the code
def test_what_is_signed_is_read_again_and_fits_a_small_qr_code() -> None:
    for code in (_CODE, replace(_CODE, handle="000000000", cycle=10, needs_order=True)):
        assert offline.read(_text(code), [_signer()]) == code
    assert len(_text()) == 132


def test_whatever_is_changed_of_a_code_is_no_code() -> None:
    text, signers = _text(), [_signer(), _signer(_OTHER_KID, _OTHER)]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n中"
    changed = {text[:n] + sign + text[n + 1 :] for n in range(len(text)) for sign in alphabet} - {text}
    changed |= {text[:n] + text[n + 1 :] for n in range(len(text))} | {text[:n] + "A" + text[n:] for n in range(133)}
    assert len(changed) > 8000
    assert [one for one in changed if offline.read(one, signers) is not None] == []


@pytest.mark.parametrize(
    ("signer", "code", "good"),
    [
        pytest.param(_signer(), _CODE, True, id="a key in use"),
        pytest.param(_signer(key=_OTHER), _CODE, False, id="another key under its name"),
        pytest.param(_signer(_OTHER_KID), _CODE, False, id="its key under another name"),
        pytest.param(_signer(retired_at=_AT + _MINUTE), _CODE, True, id="signed before the key was retired"),
        pytest.param(_signer(retired_at=_AT - SKEW), _CODE, True, id="while other processes still had it"),
        pytest.param(_signer(retired_at=_AT - SKEW - _MINUTE), _CODE, False, id="signed after it was retired"),
        pytest.param(_signer(), replace(_CODE, expires_at=_AT + LIFE + _MINUTE), False, id="for longer than we sign"),
        pytest.param(_signer(), replace(_CODE, expires_at=_AT), False, id="for no time"),
    ],
)
def test_a_code_is_as_we_make_them_and_of_a_key_in_use(signer: Signer, code: Code, good: bool) -> None:
    assert (offline.read(_text(code), [signer]) is not None) is good


# ---------------------------------------------------------------------------------------------------- what a till holds
def test_a_bundle_follows_the_one_before_from_key_to_key() -> None:
    first = offline.pack(_bundle(), _KID, _KEY)
    assert offline.unpack(first) == _bundle()
    both = _bundle(_signer(), _signer(_OTHER_KID, _OTHER), at=_AT + _MINUTE)
    turned = replace(both, signers=[_signer(retired_at=_AT), _signer(_OTHER_KID, _OTHER)], made_at=_AT + 2 * _MINUTE)
    held = offline.follow(offline.unpack(first), offline.pack(both, _KID, _KEY))
    held = offline.follow(held, offline.pack(turned, _OTHER_KID, _OTHER))
    assert held == turned
    for name, text in {
        "a key that nobody announced": offline.pack(turned, _OTHER_KID, _OTHER),
        "another store": offline.pack(_bundle(store="sto_there"), _KID, _KEY),
        "older": offline.pack(_bundle(at=_AT - _MINUTE), _KID, _KEY),
        "changed": first[:40] + ("A" if first[40] != "A" else "B") + first[41:],
        "nothing": "",
    }.items():
        with pytest.raises(Broken):
            pytest.fail(f"{name}: {offline.follow(offline.unpack(first), text)}")
    with pytest.raises(Broken):  # a retired key announces nothing
        offline.follow(turned, offline.pack(replace(turned, made_at=_AT + 3 * _MINUTE), _KID, _KEY))


def test_a_code_is_spent_once_at_its_store_and_in_its_time(tmp_path: Path) -> None:
    spent, bundle = tmp_path / "spent", _bundle()
    noes = [(bundle, _AT - SKEW - _MINUTE), (bundle, _AT + LIFE), (_bundle(store="sto_there"), _AT)]
    assert [spend(_text(), one, spent, at=at).word for one, at in noes] == [Word.NO] * 3
    assert not spent.exists()
    first = spend(_text(), bundle, spent, at=_AT)
    again = spend(_text(), bundle, spent, at=_AT + _MINUTE)
    assert (first.word, first.title, again.word, again.line) == (Word.GOOD, "八折", Word.SPENT, first.line)
    anew = replace(_CODE, issued_at=_AT + _MINUTE)  # the same use, signed once more
    assert spend(_text(anew), bundle, spent, at=_AT + _MINUTE).word is Word.SPENT
    assert spend(_text(replace(_CODE, cycle=2)), bundle, spent, at=_AT).word is Word.GOOD
    assert len(spent.read_text().splitlines()) == 2


def test_what_needs_an_order_is_spent_with_one(tmp_path: Path) -> None:
    text, spent = _text(replace(_CODE, needs_order=True)), tmp_path / "spent"
    assert spend(text, _bundle(), spent, order_number="D1", at=_AT).word is Word.NO
    told = spend(text, _bundle(), spent, order_number="D1", order_amount_yuan="99.50", at=_AT)
    assert told.line is not None
    assert (told.word, told.line["orderNumber"], told.line["orderAmountYuan"]) == (Word.GOOD, "D1", "99.50")


def test_half_a_line_is_none_and_a_file_that_cannot_be_read_says_yes_to_nothing(tmp_path: Path) -> None:
    spent = tmp_path / "spent"
    spend(_text(replace(_CODE, cycle=2)), _bundle(), spent, at=_AT)
    whole = spent.read_bytes()
    spent.write_bytes(whole + b'{"handle": "0123')  # killed, or out of disk, while it was written
    assert spend(_text(), _bundle(), spent, at=_AT).word is Word.GOOD
    assert [json.loads(line)["cycle"] for line in spent.read_text().splitlines()] == [2, 1]
    spent.write_bytes(b"nonsense\n" + whole)
    with pytest.raises(Broken):
        spend(_text(), _bundle(), spent, at=_AT)


# ------------------------------------------------------------------------------------------------------------- killed
_KILLED = """
import os, signal, sys
from incentives import spending
real = getattr(spending.os, sys.argv[1])
def dying(*given):
    if sys.argv[2] == "after":
        real(*given)
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "write":
    spending.os.write = dying
else:
    calls = []
    def second(file):
        calls.append(file)
        return dying(file) if len(calls) == 2 else real(file)
    spending.os.fsync = second
sys.exit(spending.main(sys.argv[3:]))
"""


@pytest.mark.parametrize(
    ("where", "when", "afterwards"),
    [("write", "before", "GOOD"), ("write", "after", "SPENT"), ("fsync", "after", "SPENT")],
)
def test_a_till_that_is_killed_has_said_yes_to_nothing_that_is_not_spent(
    tmp_path: Path, where: str, when: str, afterwards: str
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    text = _text(replace(_CODE, issued_at=now, expires_at=now + LIFE))
    bundle = tmp_path / "bundle"
    bundle.write_text(offline.pack(_bundle(), _KID, _KEY))
    given = [text, "--bundle", str(bundle), "--spent", str(tmp_path / "spent")]
    killed = subprocess.run([sys.executable, "-c", _KILLED, where, when, *given], capture_output=True, check=False)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, b"")
    again = subprocess.run([sys.executable, "-m", "incentives.spending", *given], capture_output=True, check=False)
    assert json.loads(again.stdout)["word"] == afterwards
    assert again.returncode == (0 if afterwards == "GOOD" else 1)


def test_the_verifier_has_nothing_of_a_network_or_of_the_application() -> None:
    asked = "import sys; import incentives.spending; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True).stdout.split()
    ours = {name for name in loaded if name.split(".")[0] in {"incentives", "core", "grants", "schema", "api", "audit"}}
    assert ours == {"incentives", "incentives.offline", "incentives.spending"}
    network = {"socket", "_socket", "ssl", "asyncio", "http", "urllib.request", "httpx", "sqlalchemy", "redis"}
    assert network.isdisjoint(loaded)
