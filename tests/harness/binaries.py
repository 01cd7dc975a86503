"""Finding servers' programs on this machine, and free ports for them."""

import os
import shutil
import socket
from pathlib import Path


def find(name: str) -> str | None:
    """A program on the PATH or where Debian keeps PostgreSQL's."""
    found = shutil.which(name)
    if found:
        return found
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(debian[0]) if debian else None


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unprivileged() -> str | None:
    """The user servers run as: PostgreSQL refuses root. None means: as we are."""
    return "nobody" if os.geteuid() == 0 else None
