"""The circuit breaker: leaves a silent helper alone, and comes back to it."""

from api.breaker import Breaker


class _Helper:
    def __init__(self) -> None:
        self.now_ms = 0
        self.calls = 0
        self.broken = True

    def work(self) -> str:
        self.calls += 1
        if self.broken:
            raise TimeoutError
        return "shared"

    def ask(self, breaker: Breaker) -> str:
        return breaker.call(self.work, lambda: "alone", expected=TimeoutError)


def test_after_three_failures_the_helper_is_left_alone() -> None:
    helper = _Helper()
    breaker = Breaker(lambda: helper.now_ms)
    assert [helper.ask(breaker) for _ in range(50)] == ["alone"] * 50
    assert helper.calls == 3
    assert breaker.resting


def test_after_the_rest_one_failure_is_enough_to_rest_again() -> None:
    helper = _Helper()
    breaker = Breaker(lambda: helper.now_ms)
    for _ in range(5):
        helper.ask(breaker)
    helper.now_ms += 1000
    for _ in range(5):
        helper.ask(breaker)
    assert helper.calls == 4


def test_a_helper_that_is_back_is_used_again_at_once() -> None:
    helper = _Helper()
    breaker = Breaker(lambda: helper.now_ms)
    for _ in range(5):
        helper.ask(breaker)
    helper.broken = False
    helper.now_ms += 1000
    assert [helper.ask(breaker) for _ in range(3)] == ["shared"] * 3


def test_failures_that_do_not_follow_each_other_are_forgiven() -> None:
    helper = _Helper()
    breaker = Breaker(lambda: helper.now_ms)
    for _ in range(10):
        helper.broken = not helper.broken
        helper.ask(breaker)
    assert not breaker.resting
