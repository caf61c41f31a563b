"""The pages' own files: kept for ever by browsers when asked for by hash, asked about again otherwise.

A wrong hash keeps nothing: else who asks a shared cache for the hash of the next version, before that is
out, would leave the present file there under its name for a year.
"""

import os
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.encodings import encoded, takes_gzip
from api.web.assets import JOINED, asset_path
from api.web.conditional import conditional

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_SQUEEZED: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
"""Media types of the files worth compressing."""


class HashedStaticFiles(StaticFiles):
    """Static files whose address may carry their hash as ``?v=…``: another content is another address.

    Text and programs go out compressed to whoever takes that, and some joined to one file.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or several as one."""
        parts = JOINED.get(path)
        if parts is None or scope["method"] not in ("GET", "HEAD"):
            return await super().get_response(path, scope)
        folder = Path(str(self.directory)).resolve()
        return _squeezed(tuple(folder / part for part in parts), Request(scope), _kept(scope, path))

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the file with how long it may be kept."""
        named = Path(full_path).relative_to(Path(str(self.directory)).resolve()).as_posix()
        kept = _kept(scope, named)
        if status_code == HTTPStatus.OK and Path(full_path).suffix in _SQUEEZED:
            return _squeezed((Path(full_path),), Request(scope), kept)
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = kept
        return response


def _kept(scope: Scope, named: str) -> str:
    """Return how long what was asked for may be kept, where it is the file `named`."""
    asked = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
    return _FOR_EVER if asked == asset_path(named) else _ASK_AGAIN


def _squeezed(parts: tuple[Path, ...], request: Request, kept: str) -> Response:
    """Answer with files as one, in the coding asked for; what is sent has an entity tag of its own."""
    gzipped = takes_gzip(request.headers.get("accept-encoding", ""))
    body, coding = _coded(parts, tuple(part.stat().st_mtime_ns for part in parts), gzipped)
    return conditional(request, body, _SQUEEZED[parts[0].suffix], cache=kept, headers=dict(coding))


@lru_cache(maxsize=64)
def _coded(
    parts: tuple[Path, ...],
    changed_ns: tuple[int, ...],  # noqa: ARG001  a changed file is coded anew
    gzipped: bool,  # noqa: FBT001  one of two forms
) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Return files as they go out, with their headers: the decoder of QR codes takes a while to compress."""
    headers: dict[str, str] = {}
    asked = Headers({"accept-encoding": "gzip"} if gzipped else {})
    return encoded(b"\n".join(part.read_bytes() for part in parts), asked, headers), tuple(headers.items())
