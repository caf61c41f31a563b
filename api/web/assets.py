"""The addresses of the files a page loads: each carries its content's hash, so none goes stale.

`api.static_files` serves them; a browser may keep what was asked for by hash for ever. Some go out joined to
one, as a page shall ask for no more than it must.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

JOINED: Final[Mapping[str, tuple[str, ...]]] = {"check.js": ("verify.js", "scan.js")}
"""Names of what goes out joined, and the files that it is made of, in their order."""


@cache
def asset_path(name: str) -> str:
    """Return the address of a static file, for a template; FileNotFoundError when there is none.

    >>> asset_path("daodi.css").partition("=")[0]
    '/static/daodi.css?v'
    """
    folder = files("api.web").joinpath("static")
    body = b"\n".join(folder.joinpath(part).read_bytes() for part in JOINED.get(name, (name,)))
    return f"/static/{name}?v={hashlib.sha256(body).hexdigest()[:16]}"
