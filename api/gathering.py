"""Takes from a queue what came together, so that it is dealt with in one go."""

import queue
import time
from typing import TypeVar

T = TypeVar("T")


def gather(
    waiting: "queue.SimpleQueue[T | None]", first: T, most: int, linger_seconds: float = 0.0
) -> tuple[list[T], bool]:
    """Return `first` and what else is in the queue or comes within `linger_seconds`, at most `most` of it.

    Says besides whether the end was met, for which None stands in the queue.

    >>> waiting = queue.SimpleQueue()
    >>> for each in (2, 3, None):
    ...     waiting.put(each)
    >>> gather(waiting, 1, 2), gather(waiting, 3, 2)
    (([1, 2], False), ([3, 3], False))
    >>> gather(waiting, 4, 2)
    ([4], True)
    """
    group = [first]
    until = time.monotonic() + linger_seconds
    while len(group) < most:
        try:
            following = waiting.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return group, False
        if following is None:
            return group, True
        group.append(following)
    return group, False
