"""The proof that every trial can fail: each is run with a fault planted, and has to go red for that fault."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from crash import plants
from crash.deliveries import deliver_unrecognised, deliveries
from crash.injections import no_sync_works
from crash.judge import Breach
from crash.kills import kills
from crash.outcome import Outcome
from crash.postmaster import postmaster_kills
from crash.power import power
from crash.witness_power import witness_power

_FEW_STATEMENTS: Final = 12


@dataclass(frozen=True, slots=True)
class PlantedTrial:
    """A trial of a broken product."""

    fault: str
    trial: str
    run: Callable[[int], Outcome]
    """Runs it by a seed."""
    expected: frozenset[Breach]
    """At least one of these has to be found."""
    needs_strace: bool = False

    @property
    def name(self) -> str:
        """Fault and trial."""
        return f"{self.fault} in {self.trial}"

    def sees(self, found: Outcome) -> bool:
        """Tell whether `found` names the planted fault."""
        return any(violation.breach in self.expected for violation in found.violations)


def _normal(seed: int) -> Outcome:
    return power(15, seed, plants=[plants.SYNCHRONOUS_NORMAL], statements=_FEW_STATEMENTS, failing_syncs=())


def _swallowed(seed: int) -> Outcome:
    swallowed = [plants.SWALLOWED_SYNC]
    return power(15, seed, plants=swallowed, statements=_FEW_STATEMENTS, failing_syncs=range(10, 20))


def _blind(seed: int) -> Outcome:
    return power(6, seed, auditor=plants.trusting_audit, statements=_FEW_STATEMENTS, failing_syncs=())


def _hasty(seed: int) -> Outcome:
    return kills(3, seed, plants=[plants.HASTY_ACKNOWLEDGEMENT])


def _hasty_postgresql(seed: int) -> Outcome:
    return postmaster_kills(2, seed, plants=[plants.HASTY_ACKNOWLEDGEMENT])


def _rival(seed: int) -> Outcome:
    return kills(2, seed, plants=[plants.SECOND_SEQUENCER])


def _unrecognised(seed: int) -> Outcome:
    return deliveries(20, seed, deliver_unrecognised)


def _no_sync(seed: int) -> Outcome:
    return no_sync_works(seed, [plants.SWALLOWED_SYNC])


def _hasty_witness(seed: int) -> Outcome:
    return witness_power(60, seed, hasty=True)


PLANTED: Final = (
    PlantedTrial("synchronous=NORMAL", "power", _normal, frozenset({Breach.LOST})),
    PlantedTrial("a swallowed fsync error", "power", _swallowed, frozenset({Breach.LOST})),
    PlantedTrial("a verifier without re-hash", "power", _blind, frozenset({Breach.BLIND})),
    PlantedTrial("acknowledge before commit", "kills", _hasty, frozenset({Breach.LOST})),
    PlantedTrial("acknowledge before commit", "postmaster", _hasty_postgresql, frozenset({Breach.LOST})),
    PlantedTrial(
        "a second, stale sequencer", "kills", _rival, frozenset({Breach.FORK, Breach.REGRESSED, Breach.GAP})
    ),
    PlantedTrial("answer before it is kept", "witness", _hasty_witness, frozenset({Breach.REGRESSED})),
    PlantedTrial("repeats unrecognised", "deliveries", _unrecognised, frozenset({Breach.REPEATED})),
    PlantedTrial(
        "a swallowed fsync error", "injections", _no_sync, frozenset({Breach.SWALLOWED}), needs_strace=True
    ),
)
