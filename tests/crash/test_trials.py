"""Small seeded versions of the campaign: what was promised holds after whatever happened.

That these trials can fail is shown in test_planted_faults.py.
"""

import pytest

from crash.commits import commits
from crash.deliveries import deliveries
from crash.injections import injections, no_sync_works
from crash.kills import kills
from crash.outcome import Outcome
from crash.postmaster import postmaster_kills
from crash.power import power
from crash.witness_power import witness_power


def said(outcome: Outcome) -> list[str]:
    return [str(violation) for violation in outcome.violations]


def test_nothing_promised_is_lost_to_kill_9_under_eight_writers() -> None:
    outcome = kills(4, seed=7, longest_life=120)
    assert said(outcome) == []
    assert outcome.trials == 4
    assert outcome.acknowledged > 0
    assert outcome.heads > 0


def test_nothing_promised_is_lost_to_a_power_failure() -> None:
    outcome = power(25, seed=7, statements=16, failing_syncs=())
    assert said(outcome) == []
    assert outcome.trials == 25
    assert outcome.acknowledged > 0
    assert outcome.heads > 0


def test_a_sync_that_fails_loses_nothing_promised_even_if_its_pages_are_gone() -> None:
    """Linux marks pages clean whose writing failed; a later sync says nothing about them."""
    outcome = power(15, seed=8, statements=12, failing_syncs=range(8, 11))
    assert said(outcome) == []
    assert outcome.refused > 0, "the sync that failed was not noticed"


@pytest.mark.usefixtures("strace")
def test_a_failing_or_killing_system_call_loses_nothing_promised() -> None:
    outcome = injections(seed=7, count=12)
    assert said(outcome) == []
    assert outcome.trials == 12


@pytest.mark.usefixtures("strace")
def test_without_a_working_sync_nothing_is_acknowledged() -> None:
    outcome = no_sync_works(seed=7)
    assert said(outcome) == []
    assert (outcome.acknowledged, outcome.refused > 0) == (0, True)


@pytest.mark.postgresql
@pytest.mark.usefixtures("strace")
def test_a_connection_broken_in_commit_or_elsewhere_loses_nothing_promised() -> None:
    outcome = commits(seed=7, count=5)
    assert said(outcome) == []
    assert outcome.trials == 6


@pytest.mark.postgresql
def test_nothing_promised_is_lost_when_postgresql_is_killed() -> None:
    outcome = postmaster_kills(2, seed=7, longest_life=120)
    assert said(outcome) == []
    assert outcome.trials == 2
    assert outcome.acknowledged > 0


def test_a_witness_remembers_what_it_told_through_a_power_failure() -> None:
    outcome = witness_power(60, seed=7)
    assert said(outcome) == []
    assert outcome.acknowledged > 60


def test_requests_delivered_up_to_five_times_leave_one_entry_each() -> None:
    outcome = deliveries(200, seed=7)
    assert said(outcome) == []
    assert outcome.acknowledged > 400
