"""`daodi demo`: load the demo city, check it, and show it.

The city itself, its generator and its loader are the package `daodi_city`, which the wheel carries
beside the four packages. It stands above `api` in the layers, so it is found by name when the
command runs: nothing in `api` depends on it.
"""

import importlib
from pathlib import Path
from typing import Any

from ledger.errors import Language


def run_demo(
    *,
    dry_run: bool,
    check: bool,
    seed: int,
    small: bool,
    serve: bool,
    folder: Path | None,
    language: Language,
    fresh: bool = False,
    port: int | None = None,
) -> None:
    """Run the demo as the options say; raises a `DaodiError` when it cannot, or when a check fails.

    `dry_run` makes the city in memory and prints its counts. `check` loads it and runs every check
    without serving. `small` makes a city of six herbs. `folder` is where the city lives (default
    `.demo` in the working folder); a loaded city of the same seed is used again unless `fresh`.
    """
    play: Any = importlib.import_module("daodi_city.play")
    wishes = play.Wishes(
        seed=seed, small=small, folder=folder or Path(".demo"), fresh=fresh, port=port, language=language
    )
    if dry_run:
        play.dry_run(wishes)
    elif check:
        play.check(wishes)
    else:
        play.show(wishes, serve=serve)
