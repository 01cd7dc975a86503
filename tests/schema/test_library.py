"""Which documents a caller may send, without a service around it."""

import pytest

from core.principal import ANONYMOUS, Principal, Scope
from schema.library import Library, Named
from tests.harness.programs import DESK, OPEN, digest


@pytest.mark.parametrize(
    ("principal", "taken"),
    [
        (ANONYMOUS, False),
        (Principal("i", "n", "app"), False),
        (Principal("i", "n", "till", frozenset({Scope.CLAIM_REDEEM})), False),
        (Principal("i", "n", "bank", frozenset({Scope.GRANT_USE})), True),
    ],
    ids=["nobody", "our own client", "a till", "a third party"],
)
def test_from_whom_texts_are_taken(principal: Principal, taken: bool) -> None:
    library = Library(demonstration=False)
    library.adopt("app", frozenset({"app"}), {digest(OPEN): OPEN})
    assert (library.known(DESK, principal) is not None) is taken
    assert Library(demonstration=True).known(DESK, principal) is not None


def test_third_parties_documents_are_bounded_and_put_out_none_of_ours() -> None:
    library = Library(demonstration=False, kept_bytes=100_000)
    app, bank = Principal("i", "n", "app"), Principal("i", "n", "bank")
    library.adopt("app", frozenset({"app"}), {digest(OPEN): OPEN})
    ours = library.known(OPEN, app)
    texts = [f"query Q{n} {{ parties {{ edges {{ cursor }} }} }}" for n in range(50)]
    for text in texts:
        library.keep(bank, digest(text), "bank", text)
        library.known(text.replace("Q", "R"), bank)
    assert library.known(OPEN, app) is ours
    assert library.known(Named(digest(texts[-1])), bank) is not None
    assert library.known(Named(digest(texts[0])), bank) is None, "the oldest has gone"
    assert (len(library._others._kept), len(library._texts._kept)) == (4, 4)
