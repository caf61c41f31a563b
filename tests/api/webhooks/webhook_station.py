"""A station that tells receivers on loopback, without pauses and with a clock that is turned by hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from api import webhook_work
from api.clock import monotonic_ms
from api.releasing import declare
from api.station import Station
from api.webhooks.deliveries import Delivery, State, deliveries
from api.webhooks.delivering import Delivering
from api.webhooks.endpoints import OPERATOR, Endpoint, EndpointNew, endpoint
from api.webhooks.sending import Sender
from api.webhooks.signatures import secret_text
from priceindex.feeds.address_guard import AddressGuard
from priceindex.releases.publishing import CONSOLE
from priceindex.releases.standing import Standing
from tests.api.webhooks.receiver import Receiver
from tests.priceindex.price_site import ANYWHERE, hasty

EVERY = (
    "release.published", "release.revised", "index.notice", "index.standing", "forecast.made",
    "warning.opened", "warning.raised", "warning.escalated", "warning.ended",
    "warning.regulator", "warning.digest",
)  # fmt: skip
_FAMILIES = ("bozhou", "herbs", "anguo", "chengdu", "yulin", "common")


class WebhookStation:
    """A station and what it takes to tell somebody."""

    def __init__(self, station: Station, *, guard: AddressGuard = ANYWHERE, seconds: float = 15.0) -> None:
        self.station = station
        self.now_ms = station.clock()
        station.clock = lambda: self.now_ms
        sender = Sender(guard=guard, monotonic_ms=monotonic_ms, seconds=seconds)
        parts = (station.database, station.writer, lambda: self.now_ms, station.webhook_keys)
        station.delivering = Delivering(*parts, sender, hasty(), lambda: 0.0)
        self.delivering = station.delivering
        self._declared = 0

    def register(
        self, receiver: Receiver, events: Sequence[str] = EVERY, owner: str = OPERATOR
    ) -> tuple[Endpoint, str]:
        """Register a receiver; return its endpoint and its secret."""
        new = EndpointNew.model_validate({"address": receiver.url, "events": list(events)})
        made = webhook_work.register(self.station, new, owner)
        return made, secret_text(self.station.webhook_keys.secret(made.endpoint_id, 1))

    def happen(self) -> str:
        """Make something public, a family's standing, and return the statement's id."""
        told = declare(self.station, _FAMILIES[self._declared], Standing.TRIAL, "开始试运行", CONSOLE)
        self._declared += 1
        assert told.statement_id is not None
        return told.statement_id

    def deliver(self) -> list[State]:
        """Send what is due."""
        return self.delivering.deliver_due()

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.now_ms += int(seconds * 1000)

    def sent(self, to: Endpoint) -> list[Delivery]:
        """The deliveries of an endpoint, newest first."""
        with self.station.database.read() as session:
            return deliveries(session, to.endpoint_id)

    def stands(self, to: Endpoint) -> Endpoint:
        """An endpoint as it stands now."""
        with self.station.database.read() as session:
            return endpoint(session, to.endpoint_id)

    def stands_ended(self, endpoint_id: str) -> bool:
        """Whether an endpoint is disabled."""
        with self.station.database.read() as session:
            return endpoint(session, endpoint_id).ended_ms is not None


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Open a receiver."""
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.close()
