"""Signed notes, checkpoints and proofs: the vectors of RFC 8032 and C2SP, two verifiers, and no bit to spare."""

import random
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.merkle import Broken
from audit.notes import Checkpoint, Proof, VerifierKey, decoded, opened, sign
from tests.harness.scale import scaled
from tests.harness.stranger import stranger

# RFC 8032 section 7.1: secret key, public key, message, signature.
_RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_NAME = "haihe.example/log"
_VERIFIER = VerifierKey(_NAME, _KEY.public_key().public_bytes_raw())
_NOTE = sign(str(Checkpoint(_NAME, 7, bytes(32), 2)), _NAME, _KEY)


@pytest.mark.parametrize("vector", _RFC_8032)
def test_both_verifiers_know_the_vectors_of_rfc_8032(vector: tuple[str, str, str, str]) -> None:
    secret, public, message, signature = map(bytes.fromhex, vector)
    other = stranger()
    key = Ed25519PrivateKey.from_private_bytes(secret)
    assert key.public_key().public_bytes_raw() == public
    assert key.sign(message) == signature
    Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    assert other.signed(public, message, signature)
    assert not other.signed(public, message + b"x", signature)
    order = 2**252 + 27742317777372353535851937790883648493
    beyond = int.from_bytes(signature[32:], "little") + order
    assert not other.signed(public, message, signature[:32] + beyond.to_bytes(32, "little"))


def test_the_note_of_the_specification_opens() -> None:
    key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    note = (
        "This is an example message.\n\n— example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    assert opened(note, [key]) == "This is an example message.\n"


def test_a_checkpoint_and_a_proof_read_back() -> None:
    assert Checkpoint.opened(_NOTE, [_VERIFIER]) == Checkpoint(_NAME, 7, bytes(32), 2)
    assert VerifierKey.parse(str(_VERIFIER)) == _VERIFIER
    assert stranger().checkpoint(_NOTE, [str(_VERIFIER)]) == (_NAME, 7, bytes(32), 2)
    for path in ([], [bytes(32), bytes(range(32))]):
        proof = Proof(3, path, _NOTE)
        assert Proof.parse(str(proof)) == proof


def test_signatures_of_others_are_passed_over_and_false_ones_of_ours_are_not() -> None:
    witness = sign(_NOTE.rpartition("\n\n")[0] + "\n", "witness.example", Ed25519PrivateKey.generate())
    both = _NOTE + witness.rpartition("\n\n")[2]
    assert Checkpoint.opened(both, [_VERIFIER]).size == 7
    with pytest.raises(Broken, match="not signed by a known key"):
        Checkpoint.opened(both, [])
    forged = _NOTE + _NOTE.rpartition("\n\n")[2].replace("A", "B", 1)
    with pytest.raises(Broken):
        Checkpoint.opened(forged, [_VERIFIER])
    other = VerifierKey("other.example", _VERIFIER.public)
    renamed = sign(str(Checkpoint(_NAME, 7, bytes(32), 2)), other.name, _KEY)
    with pytest.raises(Broken, match="not signed by a known key"):
        Checkpoint.opened(renamed, [other, _VERIFIER])


def test_every_flipped_bit_of_a_checkpoint_is_rejected_by_both(figures: dict[str, int]) -> None:
    other, data = stranger(), _NOTE.encode()
    bits = random.Random(1).sample(range(8 * len(data)), scaled(200, 8 * len(data)))
    for bit in bits:
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises((Broken, UnicodeDecodeError)):
            Checkpoint.opened(flipped.decode(), [_VERIFIER])
        assert not _holds(other, bytes(flipped))
    figures["bits"] = len(bits)


def _holds(other: ModuleType, note: bytes) -> bool:
    try:
        other.checkpoint(note.decode(), [str(_VERIFIER)])
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    ["", "x", _NAME, f"{_NAME}\n07\nAA==\nwithheld 0\n", _NOTE, f"{_NAME}\n1\n{'A' * 43}=\nwithheld 2\n", "\n\n\n\n"],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Broken):
        Checkpoint.parse(text)


@pytest.mark.parametrize("text", ["AA", "AB==", "AAA=\n", "A A=", "====", "é"])
def test_base64_has_one_form(text: str) -> None:
    with pytest.raises(Broken):
        decoded(text)
