"""Processes started with one thread each for linear algebra: the cores are shared by the processes."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_starting: Final = threading.Lock()


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Processes started inside take one thread; the libraries read this when they load, so not later."""
    with _starting:
        before = {name: os.environ.get(name) for name in _THREADS}
        os.environ.update(dict.fromkeys(_THREADS, "1"))
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
