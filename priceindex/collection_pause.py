"""Building a million rows without the search for cycles that Python starts again and again on the way.

The rows refer to no one in a circle, so that the search finds nothing; it took two fifths of the time
of a reading.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Leave out the search for cycles; what is no longer referred to is freed at once all the same.

    The pause holds for the whole process. Of several threads inside, whoever found the search on turns it
    on again, so that it is on once all of them are out.

    >>> with collection_paused():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
