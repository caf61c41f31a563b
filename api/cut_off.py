"""Writing a file in portions that is cut off between two of them: the answer still says what stands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.faults_of import error_of
from api.portion_errors import InterruptedThere
from ledger.errors import ManyFaults


@contextmanager
def saying_what_stands(stands: Callable[[], tuple[int, str]]) -> Iterator[None]:
    """Raise `InterruptedThere` where the block fails by no fault of its rows and something stands already.

    `stands` tells how many rows were written before, and which. Faults of rows (`ManyFaults`), what fails
    before anything was written, and faults of the program pass as they are.
    """
    try:
        yield
    except ManyFaults:
        raise
    except Exception as fault:
        cause, (count, rows) = error_of(fault), stands()
        if cause is None or count == 0:
            raise
        raise InterruptedThere(
            count=count, rows=rows, cause_zh=cause.message("zh"), cause_en=cause.message("en")
        ) from fault
