"""The addresses of the files a page loads: each carries its content's hash, so none goes stale.

`api.static_files` serves them; a browser may keep what was asked for by hash for ever.
"""

import hashlib
from functools import cache
from importlib.resources import files


@cache
def asset_path(name: str) -> str:
    """Return the address of a static file, for a template; FileNotFoundError when there is none.

    >>> asset_path("daodi.css").partition("=")[0]
    '/static/daodi.css?v'
    """
    body = files("api.web").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(body).hexdigest()[:16]}"
