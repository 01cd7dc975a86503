"""The app at `/`: the built files of `web/dist`, read once at start, so that nothing else of the disk can be asked for.

Files whose name holds their hash are kept by browsers for good; everything else is asked for each time, by its tag.
An app route (no dot in its last part, none of ours, asked for by a browser) gets the index: the app finds its own way.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

INDEX = "index.html"
SIGNED_IN = "signed-in"
_HASHED = re.compile(r"assets/(?:[^/]+/)*[^/]+-[A-Za-z0-9_-]{8,}\.\w+")
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_TEXTS = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".webmanifest"}
_WORTH_PACKING = 1024
# The first parts of paths that are the service's own: there, nothing is an app route, whether it exists or not.
_OURS = frozenset(
    {
        ".well-known",
        "app",
        "assets",
        "blobs",
        "demonstration",
        "exports",
        "letters",
        "graphql",
        "intake",
        "livez",
        "log",
        "metrics",
        "oauth",
        "oversight",
        "readyz",
        "sign-in",
        "sign-out",
        "static",
        "reports",
        "settlements",
        "uploads",
    }
)
# The till scans with the camera; nothing of the app asks for anything else of the device.
_PERMISSIONS = "camera=(self), " + ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
)


def folder() -> Path:
    """Where the bundle is: inside an installed package, or beside the sources."""
    packed = Path(__file__).with_name("web")
    return packed if packed.is_dir() else Path(__file__).resolve().parent.parent / "web" / "dist"


def policy(connect: str = "") -> str:
    """The content policy of everything in the bundle; `connect` is one more origin that may be called."""
    called = f"'self' {connect}".rstrip()
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        f"connect-src {called}; manifest-src 'self'; worker-src 'self'; "
        "media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
        "require-trusted-types-for 'script'"
    )


@dataclass(frozen=True)
class _File:
    """One file as it is sent: plain, and packed since somebody first asked for it so."""

    plain: bytes
    is_text: bool
    headers: Mapping[str, str]

    @cached_property
    def packed(self) -> bytes | None:
        """Its bytes by gzip, or None where that saves nothing."""
        if not self.is_text or len(self.plain) < _WORTH_PACKING:
            return None
        found = gzip.compress(self.plain, mtime=0)
        return found if len(found) < len(self.plain) else None

    def answer(self, request: Request) -> Response:
        """The file, packed for who can unpack it; nothing but its tag for who has it."""
        headers = dict(self.headers)
        if headers["ETag"] in {_weak(tag) for tag in _said(request, "if-none-match")}:
            return Response(status_code=304, headers={k: v for k, v in headers.items() if k != "Content-Type"})
        if not _unpacks(request) or self.packed is None:
            return Response(self.plain, headers=headers)
        return Response(self.packed, headers={**headers, "Content-Encoding": "gzip"})


class Bundle:
    """The files under one folder, by the path they are asked for; dotfiles and links out of it are no part of it."""

    def __init__(self, root: Path, policy: str) -> None:
        real = root.resolve()
        self._files = {
            path.relative_to(root).as_posix(): _read(path, path.relative_to(root).as_posix(), policy)
            for path in sorted(root.rglob("*"))
            if path.is_file() and _inside(path, root, real)
        }

    def __bool__(self) -> bool:
        return INDEX in self._files

    def answer(self, request: Request) -> Response | None:
        """The file or the app route that is asked for, or None."""
        if request.method not in {"GET", "HEAD"}:
            return None
        wanted = request.scope["path"].removeprefix("/")
        name = INDEX if wanted == "" or _is_app_route(wanted, request) else wanted
        found = self._files.get(name)
        return found.answer(request) if found is not None else None


@cache
def opened(root: Path, policy: str) -> Bundle:
    """The bundle of a folder, read once: a process goes on with the files it began with."""
    return Bundle(root, policy)


def absent(why: str) -> Response:
    """What stands at `/` when there is no app to show."""
    return PlainTextResponse(f"海河信用服务正在运行，但没有可以显示的应用。\nNo app is shown here: {why}\n", 404)


def _read(path: Path, name: str, policy: str) -> _File:
    plain = path.read_bytes()
    suffix = path.suffix.lower()
    type_ = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return _File(
        plain,
        suffix in _TEXTS,
        {
            "Content-Type": f"{type_}; charset=utf-8" if suffix in _TEXTS else type_,
            "Cache-Control": "public, max-age=31536000, immutable" if _HASHED.fullmatch(name) else "no-cache",
            "ETag": f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"',
            "Vary": "Accept-Encoding",
            "Content-Security-Policy": policy,
            "Permissions-Policy": _PERMISSIONS,
            "Cross-Origin-Opener-Policy": "same-origin",
        },
    )


def _inside(path: Path, root: Path, real: Path) -> bool:
    shown = not any(part.startswith(".") for part in path.relative_to(root).parts)
    return shown and path.resolve().is_relative_to(real)


def _is_app_route(wanted: str, request: Request) -> bool:
    """A page of the app; where a sign-in ends is one for whoever asks, because the app renews by a fetch."""
    parts = wanted.split("/")
    shown = wanted == SIGNED_IN or "text/html" in request.headers.get("accept", "")
    return shown and parts[0] not in _OURS and "." not in parts[-1]


def _said(request: Request, header: str) -> list[str]:
    return request.headers.get(header, "").split(",")


def _weak(tag: str) -> str:
    """A tag as we write it: packed and plain are the same file, so it promises no equal bytes."""
    return f"W/{tag.strip().removeprefix('W/')}"


def _unpacks(request: Request) -> bool:
    """Whether the caller names gzip, and not to refuse it."""
    for said in _said(request, "accept-encoding"):
        name, _, weight = said.partition(";")
        if name.strip().lower() == "gzip":
            return not re.fullmatch(r"q=0(\.0*)?", weight.strip())
    return False
