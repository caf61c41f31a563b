"""The example of docs/api-guide.md does what it says, with what the service really sends."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.webhooks.signatures import public_text
from tests.api.webhooks.receiver import Received, Receiver
from tests.api.webhooks.webhook_station import WebhookStation

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "api-guide.md").read_text("utf-8")
Verified = Callable[..., bool]


@pytest.fixture
def verified() -> Verified:
    """The function of the guide, as it stands there."""
    [example] = re.findall(r"```python\n(.*?)```", GUIDE.partition("\n## Webhooks\n")[2], re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(example, "docs/api-guide.md", "exec"), names)  # noqa: S102  our own page, as its readers run it
    found: Verified = names["verified"]
    return found


@pytest.fixture
def got(at: WebhookStation, receiver: Receiver) -> Received:
    """One event as it came."""
    at.register(receiver)
    at.happen()
    at.deliver()
    return receiver.got[0]


def test_a_new_event_verifies_once(at: WebhookStation, got: Received, verified: Verified) -> None:
    public, seen = public_text(at.station.webhook_keys.public), set[str]()
    assert verified(got.headers, got.body, public, seen, lambda: at.now_ms / 1000)
    assert not verified(got.headers, got.body, public, seen, lambda: at.now_ms / 1000)


def test_an_old_or_altered_event_does_not(at: WebhookStation, got: Received, verified: Verified) -> None:
    public, now_s = public_text(at.station.webhook_keys.public), at.now_ms / 1000
    assert not verified(got.headers, got.body, public, set(), lambda: now_s + 301)
    assert not verified(got.headers, got.body, public, set(), lambda: now_s - 301)
    assert not verified(got.headers, got.body + b" ", public, set(), lambda: now_s)
    moved = replace(got, headers=got.headers | {"webhook-timestamp": str(int(now_s) + 10)})
    assert not verified(moved.headers, moved.body, public, set(), lambda: now_s)
    without = replace(got, headers=got.headers | {"webhook-signature": "v1,AAAA"})
    assert not verified(without.headers, without.body, public, set(), lambda: now_s)
