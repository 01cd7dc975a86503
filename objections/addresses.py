"""Where a case's letter goes, sealed for its own row."""

from core.database import Unit
from core.statements import Row

_ADDRESS = "objection.address_sealed"


def sealed(unit: Unit, id_: str, address: str | None) -> bytes | None:
    """An address, sealed for the case with this id."""
    return None if address is None else unit.vault.seal(_ADDRESS, id_, address.strip())


def opened(unit: Unit, row: Row) -> str | None:
    """Where a case's letter goes; None where none is wanted."""
    return None if row.address_sealed is None else unit.vault.open(_ADDRESS, row.id, row.address_sealed)
