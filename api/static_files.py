"""The pages' own files: kept for ever by browsers when asked for by hash, asked about again otherwise.

A wrong hash keeps nothing: else who asks a shared cache for the hash of the next version, before that is
out, would leave the present file there under its name for a year.
"""

import os
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.web.assets import asset_path

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"


class HashedStaticFiles(StaticFiles):
    """Static files whose address may carry their hash as ``?v=…``: another content is another address."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the file with how long it may be kept."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        asked = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        hashed = asked == asset_path(Path(full_path).name)
        response.headers["Cache-Control"] = _FOR_EVER if hashed else _ASK_AGAIN
        return response
