"""Questions that share a query: each gets its own answer, and nobody is left waiting."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.asked_together import AskedTogether


class Server:
    """Answers with the square of a serial, once it is let go on; remembers what was asked together."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.go_on.set()
        self.asked: list[Sequence[int]] = []
        self.fault: Exception | None = None

    def answers(self, serials: Sequence[int]) -> Mapping[int, int]:
        self.go_on.wait(10)
        self.asked.append(serials)
        if self.fault is not None:
            raise self.fault
        return {serial: serial * serial for serial in serials}


def test_what_one_turn_of_the_loop_asks_shares_a_query() -> None:
    server = Server()

    async def ask() -> list[int]:
        together = AskedTogether(thread, server.answers)
        return list(await asyncio.gather(*(together.ask(serial) for serial in range(600))))

    with ThreadPoolExecutor(1) as thread:
        assert asyncio.run(ask()) == [serial * serial for serial in range(600)]
    assert [len(serials) for serials in server.asked] == [256, 256, 88]


def test_what_is_asked_while_a_query_runs_goes_with_the_next() -> None:
    server = Server()

    async def ask() -> list[int]:
        together = AskedTogether(thread, server.answers)
        server.go_on.clear()
        first = asyncio.create_task(together.ask(1))
        await asyncio.sleep(0.01)
        others = [asyncio.create_task(together.ask(serial)) for serial in (2, 3)]
        await asyncio.sleep(0.01)
        server.go_on.set()
        return [await each for each in (first, *others)]

    with ThreadPoolExecutor(1) as thread:
        assert asyncio.run(ask()) == [1, 4, 9]
    assert server.asked == [[1], [2, 3]]


def test_a_fault_reaches_all_who_asked_and_none_who_ask_later() -> None:
    server = Server()

    async def ask() -> int:
        together = AskedTogether(thread, server.answers)
        server.fault = OSError("away")
        told = await asyncio.gather(together.ask(1), together.ask(2), return_exceptions=True)
        assert [type(each) for each in told] == [OSError, OSError]
        server.fault = None
        return await together.ask(3)

    with ThreadPoolExecutor(1) as thread:
        assert asyncio.run(ask()) == 9


def test_who_asks_after_the_thread_has_ended_is_told_so() -> None:
    async def ask() -> int:
        return await asyncio.wait_for(AskedTogether(thread, Server().answers).ask(1), 5)

    thread = ThreadPoolExecutor(1)
    thread.shutdown()
    with pytest.raises(RuntimeError, match="shutdown"):
        asyncio.run(ask())


def test_an_application_that_is_run_again_in_another_loop_is_answered() -> None:
    server = Server()
    with ThreadPoolExecutor(1) as thread:
        together = AskedTogether(thread, server.answers)
        assert [asyncio.run(together.ask(serial)) for serial in (4, 5)] == [16, 25]
