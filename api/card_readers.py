"""Which reader an installation's kiosks have: the demonstration's in a demonstration, and in a real one none yet.

A vendor's reader comes in here as another `CardReader` (`grants/card_reading.py`), under a name of its own.
"""

from api.demo import card_reader
from api.demo.card_reader import DemonstrationReader
from api.settings import NotConfigured, Settings
from core.installation import Kind
from grants.card_reading import CardReader


def of(settings: Settings, kind: Kind) -> CardReader | None:
    """The reader that is set; raises `NotConfigured` for one that nobody knows, and for the demonstration's on a real
    database: anybody can state what it read."""
    name = settings.card_reader
    if kind is Kind.DEMONSTRATION and name in ("", card_reader.NAME):
        return DemonstrationReader()
    if kind is Kind.REAL and name == card_reader.NAME:
        raise NotConfigured("HAIHE_CARD_READER is the demonstration's, which is refused on a real database")
    if name:
        raise NotConfigured(f"HAIHE_CARD_READER: there is no reader called {name!r}")
    return None
