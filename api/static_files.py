"""The pages' own files: kept for ever by browsers when asked for by hash, asked about again otherwise.

A wrong hash keeps nothing: else who asks a shared cache for the hash of the next version, before that is
out, would leave the present file there under its name for a year.
"""

import os
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.encodings import encoded
from api.web.assets import asset_path
from api.web.conditional import conditional

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_TEXT: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""Media types of the files worth compressing."""


class HashedStaticFiles(StaticFiles):
    """Static files whose address may carry their hash as ``?v=…``: another content is another address.

    Text goes out compressed to whoever takes that.
    """

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the file with how long it may be kept."""
        asked = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        kept = _FOR_EVER if asked == asset_path(Path(full_path).name) else _ASK_AGAIN
        if status_code == HTTPStatus.OK and Path(full_path).suffix in _TEXT:
            return _text(Path(full_path), Request(scope), kept)
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = kept
        return response


def _text(path: Path, request: Request, kept: str) -> Response:
    """Answer with a text file in the coding asked for; what is sent has an entity tag of its own."""
    headers: dict[str, str] = {}
    body = encoded(path.read_bytes(), request.headers, headers)
    return conditional(request, body, _TEXT[path.suffix], cache=kept, headers=headers)
