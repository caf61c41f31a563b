"""Takes each new checkpoint to the witnesses of the policy: one thread a witness, so none waits for another.

The threads hold no truth: what witnesses said is in the database, and a thread that starts anew
goes on from there. Before the first signature all of them are asked what they know.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import httpx
import structlog
from sqlmodel import Session

from api.clock import monotonic_ms
from api.database import Database
from api.policy_file import load_policy
from api.settings import Settings
from ledger import store
from ledger.clock import Clock
from ledger.errors import DaodiError
from ledger.keyring.log_keys import in_force
from ledger.witnessing import publication
from ledger.witnessing.policy import Policy
from ledger.witnessing.witness_client import WitnessClient
from ledger.witnessing.witness_errors import OfferOutdated, PolicyOutdated
from ledger.witnessing.witness_round import WitnessRound

_log = structlog.get_logger(__name__)
_LONGEST_REST_SECONDS = 15.0
"""A witness that comes back is heard within this time: publication may be waiting for it."""


class Witnessing:
    """The witnesses of one station; without a policy it has none and does nothing."""

    def __init__(
        self,
        database: Database,
        policy: Policy | None,
        origin: str,
        clock: Clock,
        *,
        seconds: float,
        patience_seconds: float,
        http: httpx.Client | None = None,
    ) -> None:
        """Prepare; nothing is asked yet.

        `origin` is the name of our log, `seconds` the longest rest between two looks for a new
        checkpoint, `patience_seconds` how long one answer may take. `http` is closed by us.
        """
        self._database = database
        self._policy = policy
        self._origin = origin
        reached = [] if policy is None else [each for each in policy.witnesses if each.url]
        if http is None and reached:
            http = httpx.Client(timeout=httpx.Timeout(patience_seconds))
        self._http = http
        self._couriers = [
            Courier(
                WitnessRound(
                    WitnessClient(each, http, lambda: clock() // 1000, time.monotonic, patience_seconds),
                    origin,
                    database.read,
                    database.write,
                    clock,
                ),
                seconds,
            )
            for each in reached
            if http is not None
        ]
        self._without_quorum_ms: int | None = None

    @classmethod
    def of(cls, settings: Settings, database: Database, clock: Clock) -> Self:
        """Return the witnessing of a founded log, under the policy of the settings or the one in force.

        A setting left out in some shell takes no policy out of force. Raises what `load_policy` raises.
        """
        with database.read() as session:
            policy = load_policy(settings) or publication.policy_in_force(session)
        return cls(
            database,
            policy,
            settings.origin,
            clock,
            seconds=settings.witness_seconds,
            patience_seconds=settings.witness_patience_seconds,
        )

    def put_in_force(self) -> None:
        """Publish under the policy from now on, and say loudly when it names no key of the log.

        Raises `PolicyWrong` for a policy whose signatures a note cannot bear.
        """
        if self._policy is None:
            return
        with self._database.write() as session:
            publication.put_in_force(session, self._policy)
            outdated = self.outdated(session)
        if outdated is not None:
            _log.error("policy_outdated", message=str(outdated), remedy=outdated.remedy("en"))

    def ask(self) -> tuple[str, ...]:
        """Ask every witness once what it knows; wait for each just so long.

        Returns the names of those of whom nothing was learned: the station goes on without them and says so.
        """
        if not self._couriers:
            return ()
        with ThreadPoolExecutor(len(self._couriers), thread_name_prefix="daodi-witness-ask") as pool:
            faults = list(pool.map(lambda courier: courier.go(again=True), self._couriers))
        silent = tuple(
            courier.name
            for courier, fault in zip(self._couriers, faults, strict=True)
            if fault is not None
            and not isinstance(fault, OfferOutdated)  # that one has told us what it knows
        )
        if silent:
            _log.warning("witnesses_unheard_at_start", witnesses=silent)
        return silent

    def start(self) -> None:
        """Begin to offer every new checkpoint to every witness."""
        for courier in self._couriers:
            courier.start()

    def wake(self) -> None:
        """Say that there may be a new checkpoint; never waits."""
        for courier in self._couriers:
            courier.wake()

    def close(self) -> None:
        """End the threads; each ends within the patience for one answer."""
        for courier in self._couriers:
            courier.stop()
        for courier in self._couriers:
            courier.join()
        if self._http is not None:
            self._http.close()

    @property
    def used(self) -> bool:
        """Whether a policy is in force."""
        return self._policy is not None

    def fault(self, session: Session) -> DaodiError | None:
        """Return why nothing may be signed any more, or None."""
        newest = store.last_checkpoint(session)
        try:
            publication.refuse_below_witnesses(session, 0 if newest is None else newest.size)
        except DaodiError as fault:
            return fault
        return None

    def outdated(self, session: Session) -> PolicyOutdated | None:
        """Return that the policy in force names no log key in force, or None."""
        policy = publication.policy_in_force(session)
        try:
            if policy is not None:
                publication.check_names_key(policy, self._origin, in_force(session))
        except PolicyOutdated as fault:
            return fault
        return None

    def seconds_without_quorum(self, session: Session) -> float:
        """Return for how long the newest checkpoint has lacked its quorum, as seen by this process.

        Counted from the first time that this was asked and the quorum lacking; 0 once it is met.
        """
        if publication.awaits_quorum(session) is None:
            self._without_quorum_ms = None
            return 0.0
        if self._without_quorum_ms is None:
            self._without_quorum_ms = monotonic_ms()
        return (monotonic_ms() - self._without_quorum_ms) / 1000


class Courier:
    """Goes to one witness again and again, more seldom while it does not answer."""

    def __init__(self, witness_round: WitnessRound, seconds: float) -> None:
        self.name = witness_round.client.witness.name
        self.failures = 0
        """How many rounds in a row have failed."""
        self._round = witness_round
        self._seconds = seconds
        self._turn = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread = threading.Thread(target=self._loop, name=f"daodi-witness-{self.name}", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look for a new checkpoint soon; a witness that fails is not hurried."""
        if not self.failures:
            self._wake.set()

    def stop(self) -> None:
        """Ask the thread to end."""
        self._stop.set()
        self._wake.set()

    def join(self) -> None:
        """Wait for the thread to end."""
        if self._thread is not None:
            self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def go(self, *, again: bool = False) -> Exception | None:
        """Go once, see `WitnessRound.run`; return what failed, which is logged, or None. One at a time."""
        try:
            with self._turn:
                self._round.run(again=again)
        except DaodiError as fault:
            _log.warning("witness_failed", witness=self.name, fault=fault.key(), message=str(fault))
            failed: Exception = fault
        except Exception as fault:  # noqa: BLE001  the thread must outlive any one failure; it is logged
            _log.exception("witness_failed", witness=self.name)
            failed = fault
        else:
            self.failures = 0
            return None
        self.failures += 1
        return failed

    def rest_seconds(self) -> float:
        """How long to wait before going again: doubled with each failure, 15 s at most."""
        longest: float = max(_LONGEST_REST_SECONDS, self._seconds)
        return min(self._seconds * 2.0 ** min(self.failures, 16), longest)

    def _loop(self) -> None:
        while not self._stop.is_set():
            self.go()
            self._wake.wait(self.rest_seconds())
            self._wake.clear()
