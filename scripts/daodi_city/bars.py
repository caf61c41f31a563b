"""What shows how far the loading is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Bars(Protocol):
    """Shows how far the work is."""

    def bar(self, key: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Open a bar named by a phrase; the call it gives adds to it."""
