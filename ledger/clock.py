"""What time it is, handed in as an argument so that nothing in the log reads a clock itself."""

from collections.abc import Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], int]
"""Gives the present moment as milliseconds since 1970-01-01T00:00:00Z."""

Randomness: TypeAlias = Callable[[int], bytes]
"""Gives that many unpredictable bytes; `secrets.token_bytes` in service, seeded in tests and the demo."""
