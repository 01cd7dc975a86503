"""The tree: RFC 6962's vectors, every proof of small trees, and tiles that give what the leaves themselves give."""

import hashlib
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.merkle import EMPTY, Broken, check_consistency, consistency, included, inclusion, leaf_hash, node_hash, split
from audit.tiles import HASH, WIDTH, Tile, edge, folded, hash_of, needed
from tests.harness.scale import scaled
from tests.harness.stranger import stranger

# The leaves and roots of the certificate-transparency reference tests for RFC 6962.
_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
_HASHES = [hashlib.sha256(str(n).encode()).digest() for n in range(1200)]


def _plain(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    middle = split(len(leaves))
    return node_hash(_plain(leaves[:middle]), _plain(leaves[middle:]))


def tiles_of(leaves: list[bytes], size: int) -> dict[Tile, bytes]:
    """Every tile of the first leaves, made plainly."""
    made, hashes, level = {}, leaves[:size], 0
    while hashes:
        pieces = [hashes[at : at + WIDTH] for at in range(0, len(hashes), WIDTH)]
        made.update({Tile(level, n, len(piece)): b"".join(piece) for n, piece in enumerate(pieces)})
        hashes, level = [folded(piece) for piece in pieces if len(piece) == WIDTH], level + 1
    return made


def test_the_vectors_of_the_reference() -> None:
    leaves = [leaf_hash(entry) for entry in _LEAVES]
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for size in range(1, 9):
        assert hash_of((0, size), size, tiles_of(leaves, size)).hex() == _ROOTS[size - 1]
    proof = [hash_of(part, 8, tiles_of(leaves, 8)).hex() for part in inclusion(5, 8)]
    assert proof == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    grown = [hash_of(part, 8, tiles_of(leaves, 8)).hex() for part in consistency(6, 8)]
    assert grown == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_proof_of_small_trees_holds_and_no_other_does() -> None:
    other = stranger()
    most = scaled(20, 70)
    for size in range(1, most):
        tiles, root = tiles_of(_HASHES, size), _plain(_HASHES[:size])
        for index in range(size):
            path = [hash_of(part, size, tiles) for part in inclusion(index, size)]
            assert included(index, size, _HASHES[index], path) == root
            left = list(path)
            assert other.root_of(size, index, _HASHES[index], left) == root
            assert not left
            for bad in (path[:-1], [*path, root], [*path[:-1], root]):
                assert not path or _leads(index, size, bad) != root
        for old in range(1, size + 1):
            path = [hash_of(part, size, tiles) for part in consistency(old, size)]
            check_consistency(old, _plain(_HASHES[:old]), size, root, path)
            for bad in ([*path, root], path[:-1], path[::-1]):
                if bad != path:
                    with pytest.raises(Broken):
                        check_consistency(old, _plain(_HASHES[:old]), size, root, bad)


def _leads(index: int, size: int, path: list[bytes]) -> bytes | None:
    try:
        return included(index, size, _HASHES[index], path)
    except Broken:
        return None


@settings(max_examples=scaled(40, 400), deadline=None)
@given(st.data())
def test_tiles_prove_what_the_leaves_prove_and_any_bit_matters(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(_HASHES)))
    old = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, old - 1))
    tiles, root, before = tiles_of(_HASHES, size), _plain(_HASHES[:size]), _plain(_HASHES[:old])
    assert hash_of((0, size), size, _only(tiles, needed([(0, size)], size))) == root
    ranges = inclusion(index, size)
    path = [hash_of(part, size, _only(tiles, needed(ranges, size))) for part in ranges]
    assert included(index, size, _HASHES[index], path) == root
    ranges = consistency(old, size)
    grown = [hash_of(part, size, _only(tiles, needed(ranges, size))) for part in ranges]
    check_consistency(old, before, size, root, grown)
    assert set(edge(size)) == {tile for tile in tiles if tile.width < WIDTH}
    if path:
        place, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 8 * HASH - 1))
        assert included(index, size, _HASHES[index], _flipped(path, place, bit)) != root
    if grown:
        place, bit = data.draw(st.integers(0, len(grown) - 1)), data.draw(st.integers(0, 8 * HASH - 1))
        with pytest.raises(Broken):
            check_consistency(old, before, size, root, _flipped(grown, place, bit))


def _only(tiles: Mapping[Tile, bytes], wanted: set[Tile]) -> dict[Tile, bytes]:
    return {tile: tiles[tile] for tile in wanted}


def _flipped(path: list[bytes], place: int, bit: int) -> list[bytes]:
    number = int.from_bytes(path[place], "big") ^ (1 << bit)
    return [*path[:place], number.to_bytes(HASH, "big"), *path[place + 1 :]]


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "0/000"),
        (Tile(0, 1234067), "0/x001/x234/067"),
        (Tile(1, 999, 17), "1/999.p/17"),
        (Tile(63, 1000, 255), "63/x001/000.p/255"),
    ],
)
def test_a_tiles_path_reads_back(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.parse(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0",
        "0/0",
        "0/0000",
        "64/000",
        "00/000",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/01",
        "0/x000/000",
        "0/001/000",
        "0/x001",
        "0/000/",
        "entries/000",
        "0/٠٠٠",
        "-1/000",
        "0/000.p/",
    ],
)
def test_what_is_no_tiles_path_is_refused(path: str) -> None:
    assert Tile.parse(path) is None


def test_the_specifications_example_of_seventy_thousand() -> None:
    size = 70_000
    assert edge(size) == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert Tile(0, 272).within(size)
    assert Tile(1, 0).within(size)
    assert not Tile(0, 273).within(size)
    assert not Tile(2, 0, 2).within(size)
    assert edge(256) == [Tile(1, 0, 1)]
    assert edge(0) == []
