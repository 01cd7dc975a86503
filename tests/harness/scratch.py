"""Where a run keeps what it throws away: in memory where there is room for it, so that a copied city costs no disk."""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM = 4 << 30


def folder(purpose: str) -> Path:
    """A new folder of this process; those of runs that were killed are removed first."""
    _sweep()
    roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM
    return Path(tempfile.mkdtemp(prefix=f"haihe-{purpose}-{os.getpid()}-", dir=_MEMORY if roomy else None))


def _sweep() -> None:
    """A server left behind ends by itself when it finds its folder gone."""
    for left in _MEMORY.glob("haihe-*-*-*"):
        if not Path(f"/proc/{left.name.split('-')[2]}").exists():
            shutil.rmtree(left, ignore_errors=True)
