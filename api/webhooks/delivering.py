"""The thread that delivers events, and the one way a delivery is made by hand.

It holds no truth: what is due, how often it was tried and who sends it now stand in the database, so a
restart loses nothing. Each host has one thread at a time, and rests for a while after a fault, so that a
server that hangs holds up nobody but itself. No transaction is open while a receiver is waited for.

Deliveries of one endpoint arrive in no promised order: what failed comes later.
"""

import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, Self

import structlog

from api.clock import monotonic_ms
from api.database import Database
from api.errors import WriterClosed
from api.looking import Looking
from api.settings import Settings
from api.webhooks import delivery_queue
from api.webhooks.deliveries import State
from api.webhooks.delivery_queue import Claimed, Due
from api.webhooks.sending import Outcome, Sender
from api.webhooks.signatures import webhook_headers
from api.webhooks.webhook_keys import WebhookKeys
from api.writer import Writer
from ledger.clock import Clock
from priceindex.feeds.address_guard import AddressGuard
from priceindex.feeds.host_turns import HostTurns

LOOK_SECONDS: Final = 2.0
"""An event is on its way this long after its publication at the latest, when all is well."""
HOSTS_AT_ONCE: Final = 8
REST_S: Final = 5.0
"""A host that failed is sent nothing else for so long."""
CLOSING_SECONDS: Final = 3.0
"""How long closing waits for receivers that are being waited for; what they miss they get again."""
_log = structlog.get_logger(__name__)


class Delivering:
    """Delivers what is due; `deliver` may also be called by hand."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        clock: Clock,
        keys: WebhookKeys,
        sender: Sender,
        turns: HostTurns,
        chance: Callable[[], float],
    ) -> None:
        """Prepare; `chance` gives a number from 0 up to 1 and spreads the waits."""
        self._database = database
        self._writer = writer
        self._clock = clock
        self._keys = keys
        self._sender = sender
        self._turns = turns
        self._chance = chance
        self._lock = threading.Lock()
        self._busy: dict[str, threading.Thread] = {}
        self._resting: dict[str, float] = {}
        self._closing = False
        self._looking = Looking(self.look, "daodi-webhooks", seconds=LOOK_SECONDS)

    @classmethod
    def of(
        cls, settings: Settings, database: Database, writer: Writer, clock: Clock, keys: WebhookKeys
    ) -> Self:
        """Return it as the settings say."""
        guard = AddressGuard(private_allowed=settings.webhooks_private_addresses)
        sender = Sender(guard=guard, monotonic_ms=monotonic_ms)
        # A pause between requests is no secret: any randomness will do.
        turns = HostTurns(time.monotonic, time.sleep, random.random)
        return cls(database, writer, clock, keys, sender, turns, random.random)

    @property
    def guard(self) -> AddressGuard:
        """What every address must pass."""
        return self._sender.guard

    def start(self) -> None:
        """Begin to look in a thread of its own."""
        self._looking.start()

    def close(self) -> None:
        """End the threads. A try that is cut off is made again: the receiver may see its event twice."""
        self._closing = True
        self._looking.close(CLOSING_SECONDS)
        until_s = time.monotonic() + CLOSING_SECONDS
        with self._lock:
            busy = list(self._busy.values())
        for thread in busy:
            thread.join(max(0.0, until_s - time.monotonic()))

    def look(self) -> None:
        """Begin to send what is due, a thread for each host that is free; wait for none of them."""
        try:
            with self._database.read() as session:
                waiting = delivery_queue.due(session, self._clock())
            for host, mine in _by_host(waiting).items():
                self._begin(host, mine)
        except Exception:  # noqa: BLE001  the thread must outlive any one failure; the fault is logged
            _log.exception("webhooks_failed")

    def deliver_due(self) -> list[State]:
        """Send all that is due, one after the other; return what became of each."""
        with self._database.read() as session:
            waiting = delivery_queue.due(session, self._clock())
        found = (self.deliver(each.delivery_id) for each in waiting)
        return [state for state in found if state is not None]

    def deliver(self, delivery_id: int) -> State | None:
        """Try one due delivery once; None where it is not due, or another process has it."""
        now_ms = self._clock()
        claimed = self._writer.submit(lambda session: delivery_queue.claim(session, delivery_id, now_ms))
        if claimed is None:
            return None
        at_ms, outcome = self._send(claimed)
        ended_ms, chance = self._clock(), self._chance()
        state = self._writer.submit(
            lambda session: delivery_queue.note(session, claimed, outcome, at_ms, ended_ms, chance)
        )
        _log.info(
            "webhook_tried",
            endpoint=claimed.endpoint.endpoint_id,
            event_id=claimed.event_id,
            status=outcome.status,
            fault=outcome.fault,
            state=str(state),
        )
        return state

    def _send(self, claimed: Claimed) -> tuple[int, Outcome]:
        """Sign and send; the timestamp is that of this try, the id and the body those of the event."""
        to, body = claimed.endpoint, claimed.body.encode()
        with self._turns.turn(to.host):
            at_ms = self._clock()
            secrets = [self._keys.secret(to.endpoint_id, number) for number in to.secret_numbers(at_ms)]
            headers = webhook_headers(claimed.event_id, at_ms // 1000, body, secrets, self._keys.key)
            return at_ms, self._sender.send(to.address, headers, body)

    def _begin(self, host: str, mine: Sequence[Due]) -> None:
        with self._lock:
            free = host not in self._busy and len(self._busy) < HOSTS_AT_ONCE
            if self._closing or not free or self._resting.get(host, 0.0) > time.monotonic():
                return
            thread = threading.Thread(target=self._serve, args=(host, mine), daemon=True)
            self._busy[host] = thread
        thread.start()

    def _serve(self, host: str, mine: Sequence[Due]) -> None:
        """Send one host what is due until it fails."""
        try:
            for each in mine:
                if self._closing:
                    return
                if self.deliver(each.delivery_id) in (State.WAITING, State.GIVEN_UP):
                    self._resting[host] = time.monotonic() + REST_S
                    return
        except WriterClosed:
            return  # the service ends; the delivery is due again when it is back
        except Exception:  # noqa: BLE001  one host's failure must not end the others' deliveries; it is logged
            self._resting[host] = time.monotonic() + REST_S
            _log.exception("webhook_failed", host=host)
        finally:
            with self._lock:
                self._busy.pop(host, None)


def _by_host(waiting: Sequence[Due]) -> dict[str, list[Due]]:
    found: dict[str, list[Due]] = {}
    for each in waiting:
        found.setdefault(each.host, []).append(each)
    return found
