"""Sealed values open where they stand and nowhere else; cursors open for whom they were made."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import keys
from core.cursors import Sealer
from core.errors import BadCall
from core.keys import KeysMissing
from core.vault import Tampered, Vault


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    keys.create(path)
    return Vault(keys.load(path))


def test_a_value_opens_in_its_own_place_only(vault: Vault) -> None:
    sealed = vault.seal("subject.name_sealed", "sub_1", "林海生")
    assert vault.open("subject.name_sealed", "sub_1", sealed) == "林海生"
    for place, row, value in (
        ("subject.name_sealed", "sub_2", sealed),
        ("subject.identity_sealed", "sub_1", sealed),
        ("subject.name_sealed", "sub_1", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        ("subject.name_sealed", "sub_1", b""),
        ("subject.name_sealed", "sub_1", b"x" * 40),
    ):
        with pytest.raises(Tampered):
            vault.open(place, row, value)


def test_sealing_twice_gives_two_texts_and_hashing_twice_gives_one(vault: Vault) -> None:
    assert vault.seal("a.b", "1", "x") != vault.seal("a.b", "1", "x")
    assert vault.lookup("RESIDENT_ID", "x") == vault.lookup("RESIDENT_ID", "x")
    assert vault.lookup("RESIDENT_ID", "x") != vault.lookup("name", "x")


@given(st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_a_cursor_comes_back_as_it_went(keyset: list[str]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "keys.json"
        keys.create(path)
        sealer = Sealer(Vault(keys.load(path)), "Me.records", "filter", "caller")
        assert sealer.open(sealer.seal(keyset)) == keyset


def test_a_cursor_is_bound_to_field_filter_and_caller(vault: Vault) -> None:
    cursor = Sealer(vault, "Me.records", "filter", "caller").seal(["2026-01-01", "rec_1"])
    for bound in (("Me.grants", "filter", "caller"), ("Me.records", "other", "caller"), ("Me.records", "filter", "x")):
        with pytest.raises(BadCall):
            Sealer(vault, *bound).open(cursor)


@given(st.text(max_size=100))
def test_any_other_text_is_no_cursor(text: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "keys.json"
        keys.create(path)
        vault = Vault(keys.load(path))
        for written in (text, vault.cursor_kid + text):
            with pytest.raises(BadCall):
                Sealer(vault, "f").open(written)


def test_keys_are_their_owners_and_are_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        keys.create(path)
    assert path.read_bytes() == before
    with pytest.raises(KeysMissing):
        keys.load(tmp_path / "none.json")
    (tmp_path / "half.json").write_text('{"data": []}')
    with pytest.raises(KeysMissing, match="token"):
        keys.load(tmp_path / "half.json")
