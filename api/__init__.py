"""The one layer that knows HTTP, pages, Redis, settings, transactions and the command line.

Importing it binds `trace` to our package (docs/decisions/0001-the-name-trace.md). From an installed
wheel Python would otherwise find the standard library's tracing tool of that name first.
"""

import importlib.util
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent / "trace"


def _bind_trace() -> None:
    """Put our `trace` into `sys.modules`, by its place beside this package."""
    bound = sys.modules.get("trace")
    if bound is not None and _HERE in map(Path, getattr(bound, "__path__", ())):
        return
    spec = importlib.util.spec_from_file_location(
        "trace", _HERE / "__init__.py", submodule_search_locations=[str(_HERE)]
    )
    if spec is None or spec.loader is None:
        msg = f"daodi is not whole: {_HERE} is missing; install it again"
        raise ImportError(msg)
    package = importlib.util.module_from_spec(spec)
    sys.modules["trace"] = package
    spec.loader.exec_module(package)


_bind_trace()
