"""A station that tells, and a receiver that listens."""

from collections.abc import Iterator

import pytest

from api.station import Station
from tests.api.webhooks.receiver import Receiver
from tests.api.webhooks.webhook_station import WebhookStation, receiving


@pytest.fixture
def at(station: Station) -> WebhookStation:
    """A founded station whose webhooks go to loopback."""
    return WebhookStation(station)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that answers 204 unless told otherwise."""
    with receiving() as opened:
        yield opened
