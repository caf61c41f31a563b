"""Delivering events: signed, retried, given up; nothing lost, and doubled only under the same id."""

import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from api.accounts import administering
from api.releasing import operator_of
from api.settings import Settings
from api.station import Station
from api.webhooks.deliveries import State, replay
from api.webhooks.delivery_queue import LEASE_MS, MOST_TRIES, claim
from api.webhooks.endpoints import OVERLAP_MS, rotate, switch
from api.webhooks.schedule import wait_ms
from api.webhooks.sending import Fault
from api.webhooks.signatures import public_text, secret_text
from priceindex.families import family
from priceindex.releases.publishing import CONSOLE
from priceindex.releases.standing import Standing, declare
from tests.api.accounts_of import somebody
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.webhooks.receiver import Receiver, asymmetric_holds, symmetric_holds
from tests.api.webhooks.webhook_station import WebhookStation, receiving

HOUR_S = 3600


@ON_BOTH_DATABASES
def test_what_becomes_public_is_told_once_and_both_signatures_hold(
    at: WebhookStation, receiver: Receiver
) -> None:
    to, secret = at.register(receiver)
    statement = at.happen()
    assert at.deliver() == [State.DELIVERED]
    assert at.deliver() == []
    [got] = receiver.got
    assert symmetric_holds(got, secret)
    assert asymmetric_holds(got, public_text(at.station.webhook_keys.public))
    assert got.headers["webhook-timestamp"] == str(at.now_ms // 1000)
    assert got.headers["content-type"] == "application/json"
    assert got.path == "/hook?key=in-the-query"
    told = got.event
    assert (told["type"], told["family"], told["standing"]) == ("index.standing", "bozhou", "trial")
    assert told["statement_id"] == statement
    assert datetime.fromisoformat(told["timestamp"]) == datetime.fromtimestamp(at.now_ms / 1000, UTC)
    assert told["url"] == "https://herbs.example.org/v1/families/bozhou/standing"
    [sent] = at.sent(to)
    assert (sent.event_id, sent.subject, sent.tries[0].status) == (got.id, statement, 204)


def test_after_503_the_same_bytes_come_again_under_the_same_id(
    at: WebhookStation, receiver: Receiver
) -> None:
    _, secret = at.register(receiver)
    receiver.answers = [(503, {}), (500, {})]
    at.happen()
    assert at.deliver() == [State.WAITING]
    assert at.deliver() == []
    at.later(5)
    assert at.deliver() == [State.WAITING]
    at.later(59)
    assert at.deliver() == []
    at.later(1)
    assert at.deliver() == [State.DELIVERED]
    assert len({got.id for got in receiver.got}) == len({got.body for got in receiver.got}) == 1
    times = [int(got.headers["webhook-timestamp"]) for got in receiver.got]
    assert [later - times[0] for later in times] == [0, 5, 65]
    assert all(symmetric_holds(got, secret) for got in receiver.got)


@ON_BOTH_DATABASES
def test_a_restart_between_two_tries_loses_nothing_and_doubles_nothing(
    settings: Settings, at: WebhookStation, receiver: Receiver
) -> None:
    at.register(receiver)
    receiver.answers = [(503, {})]
    at.happen()
    at.happen()
    assert sorted(at.deliver()) == [State.DELIVERED, State.WAITING]
    at.station.close()
    with Station.open(settings, clock=lambda: at.now_ms + 5000, background=False) as again:
        after = WebhookStation(again)
        assert after.deliver() == [State.DELIVERED]
        after.later(48 * HOUR_S)
        assert after.deliver() == []
    ids = [got.id for got in receiver.got]
    assert (len(ids), len(set(ids))) == (3, 2)


@ON_BOTH_DATABASES
def test_a_process_that_dies_while_it_sends_is_followed_by_another_under_the_same_id(
    at: WebhookStation, receiver: Receiver
) -> None:
    to, _ = at.register(receiver)
    at.happen()
    [waiting] = at.sent(to)
    taken = at.station.writer.submit(lambda session: claim(session, waiting.delivery_id, at.now_ms))
    assert taken is not None
    assert at.delivering.deliver(waiting.delivery_id) is None
    assert at.deliver() == []
    at.later(LEASE_MS / 1000)
    assert at.deliver() == [State.DELIVERED]
    assert [got.id for got in receiver.got] == [taken.event_id]


def test_deaths_count_as_tries_so_an_event_that_kills_is_given_up(
    at: WebhookStation, receiver: Receiver
) -> None:
    to, _ = at.register(receiver)
    at.happen()
    [waiting] = at.sent(to)
    for _ in range(MOST_TRIES):
        at.station.writer.submit(lambda session: claim(session, waiting.delivery_id, at.now_ms))
        at.later(LEASE_MS / 1000)
    assert at.deliver() == []
    assert at.sent(to)[0].state is State.GIVEN_UP
    assert at.stands(to).failing_ms is not None


def test_after_ten_tries_in_a_day_it_is_given_up_and_the_endpoint_said_to_fail(
    at: WebhookStation, receiver: Receiver
) -> None:
    to, _ = at.register(receiver)
    receiver.answers = [(500, {})] * 10
    at.happen()
    begun_ms = at.now_ms
    while at.sent(to)[0].state is State.WAITING:
        at.now_ms = max(at.now_ms, at.sent(to)[0].next_ms)
        at.deliver()
    assert len(receiver.got) == 10
    assert 23 * HOUR_S < (at.now_ms - begun_ms) / 1000 < 26 * HOUR_S
    assert at.stands(to).failing_ms == at.now_ms
    assert at.stands(to).ended_ms is None
    at.happen()
    assert at.deliver() == [State.DELIVERED]
    assert at.stands(to).failing_ms is None


@given(st.floats(0, 1), st.floats(0, 1))
def test_waits_grow_whatever_chance_says_and_last_about_a_day(one: float, other: float) -> None:
    waits = [wait_ms(tries, one if tries % 2 else other) or 0 for tries in range(1, 10)]
    assert waits == sorted(set(waits))
    assert 23 * HOUR_S * 1000 < sum(waits) < 26 * HOUR_S * 1000
    assert wait_ms(10, one) is None


def test_410_disables_the_endpoint_and_nothing_follows(at: WebhookStation, receiver: Receiver) -> None:
    to, _ = at.register(receiver)
    receiver.answers = [(410, {})]
    at.happen()
    at.happen()
    assert at.deliver() == [State.GIVEN_UP]
    assert at.stands(to).ended_why == "gone"
    assert [each.state for each in at.sent(to)] == [State.DROPPED, State.GIVEN_UP]
    at.happen()
    at.later(48 * HOUR_S)
    assert at.deliver() == []
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("asked", "waits_s"), [("120", 120), ("1", 5), ("9" * 400, 6 * HOUR_S), ("²", 5), ("soon", 5)]
)
def test_more_patience_is_had_when_it_is_asked_for_within_reason(
    at: WebhookStation, receiver: Receiver, asked: str, waits_s: int
) -> None:
    to, _ = at.register(receiver)
    receiver.answers = [(429, {"retry-after": asked})]
    at.happen()
    assert at.deliver() == [State.WAITING]
    assert at.sent(to)[0].next_ms - at.now_ms == waits_s * 1000


def test_a_server_that_hangs_is_left_in_time_and_holds_up_nobody(station: Station) -> None:
    at = WebhookStation(station, seconds=1.0)
    with receiving() as hung, receiving() as well:
        hung.hang = threading.Event()
        slow, _ = at.register(hung)
        # Another name for loopback: turns are given by host.
        well.url = well.url.replace("127.0.0.1", "localhost")
        quick, _ = at.register(well)
        at.happen()
        at.delivering.look()
        for thread in list(at.delivering._busy.values()):
            thread.join(10)
        assert at.sent(quick)[0].state is State.DELIVERED
        [sent] = at.sent(slow)
        assert (sent.state, sent.tries[0].fault, sent.tries[0].status) == (
            State.WAITING,
            Fault.TOO_SLOW,
            None,
        )
        assert len(hung.got) == len(well.got) == 1


def test_a_host_that_failed_rests_before_it_is_sent_the_next(at: WebhookStation, receiver: Receiver) -> None:
    at.register(receiver)
    receiver.answers = [(500, {})]
    at.happen()
    at.happen()
    for _ in range(2):
        at.delivering.look()
        for thread in list(at.delivering._busy.values()):
            thread.join(10)
    assert len(receiver.got) == 1


def test_an_endpoint_hears_only_what_it_asked_for_and_since_it_did(
    at: WebhookStation, receiver: Receiver
) -> None:
    at.happen()
    at.register(receiver, ["release.published", "index.notice"])
    at.happen()
    with receiving() as other:
        at.register(other, ["index.standing"])
        statement = at.happen()
        at.deliver()
        assert [got.event["statement_id"] for got in other.got] == [statement]
    assert receiver.got == []


def test_what_is_not_published_after_all_is_not_told(at: WebhookStation, receiver: Receiver) -> None:
    """The event stands and falls with the transaction."""
    to, _ = at.register(receiver)

    def failing(session: Session) -> None:
        operator = operator_of(at.station)
        declare(session, operator, family("bozhou"), Standing.TRIAL, "开始", CONSOLE, at.now_ms)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        at.station.writer.submit(failing)
    assert at.sent(to) == []
    at.happen()
    assert len(at.sent(to)) == 1


def test_for_a_day_after_a_rotation_both_secrets_sign(at: WebhookStation, receiver: Receiver) -> None:
    to, old = at.register(receiver)
    at.station.writer.submit(lambda session: rotate(session, to.endpoint_id, None, at.now_ms))
    new = secret_text(at.station.webhook_keys.secret(to.endpoint_id, 2))
    at.happen()
    at.deliver()
    assert symmetric_holds(receiver.got[0], old)
    assert symmetric_holds(receiver.got[0], new)
    at.now_ms += OVERLAP_MS
    at.happen()
    at.deliver()
    assert not symmetric_holds(receiver.got[1], old)
    assert symmetric_holds(receiver.got[1], new)


def test_what_was_missed_is_sent_again_on_demand(at: WebhookStation, receiver: Receiver) -> None:
    to, _ = at.register(receiver)
    at.happen()
    at.station.writer.submit(lambda session: switch(session, to.endpoint_id, None, on=False, at_ms=at.now_ms))
    assert at.deliver() == []
    assert at.sent(to)[0].state is State.DROPPED
    at.station.writer.submit(lambda session: switch(session, to.endpoint_id, None, on=True, at_ms=at.now_ms))
    at.station.writer.submit(lambda session: replay(session, to.endpoint_id, None, at.now_ms))
    assert at.deliver() == [State.DELIVERED]
    again = receiver.got[0].id
    at.station.writer.submit(lambda session: replay(session, to.endpoint_id, again, at.now_ms))
    assert at.deliver() == [State.DELIVERED]
    assert [got.id for got in receiver.got] == [again, again]


@ON_BOTH_DATABASES
def test_what_happens_while_its_owner_is_locked_out_is_not_sent_and_the_endpoint_stays(
    at: WebhookStation, receiver: Receiver
) -> None:
    owner = somebody(at.station, "viewer").account_id
    to, _ = at.register(receiver, owner=owner)
    administering.lock(at.station, owner)
    at.happen()
    assert at.deliver() == []
    assert at.sent(to)[0].state is State.DROPPED
    assert at.stands(to).ended_ms is None
    administering.unlock(at.station, owner)
    at.happen()
    assert at.deliver() == [State.DELIVERED]
    assert len(receiver.got) == 1
