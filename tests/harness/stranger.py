"""The verifier that shares no code with us, as whoever downloads it runs it."""

import importlib.util
import sys
from types import ModuleType

from tests.harness.servers import ROOT

DOCS = ROOT / "docs"


def stranger() -> ModuleType:
    """`docs/verify.py`, beside which its other file is found."""
    spec = importlib.util.spec_from_file_location("stranger", DOCS / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(DOCS))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module
