"""`daodi webhooks` by a person at a keyboard."""

import re
from collections.abc import Callable

import pytest

from api.cli.app import MISUSED, run
from tests.api.webhooks.receiver import Receiver, symmetric_holds


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator whose webhooks may go to this machine."""
    monkeypatch.setenv("DAODI_WEBHOOKS_PRIVATE_ADDRESSES", "true")


@pytest.mark.usefixtures("inside")
def test_an_endpoint_is_added_tried_listed_rotated_and_disabled(
    told: Callable[..., str], receiver: Receiver
) -> None:
    added = told("webhooks", "add", receiver.url, "--event", "index.standing", "--description", "报社")
    [endpoint] = re.findall(r"ep_[0-9a-f]{24}", added)
    [secret] = re.findall(r"whsec_\S+", added)
    assert "delivered (204)" in told("webhooks", "test", endpoint)
    assert symmetric_holds(receiver.got[0], secret)
    listed = told("webhooks", "list")
    assert endpoint in listed
    assert "in-the-query" not in listed
    assert "whsec_" not in listed
    receiver.answers = [(503, {})]
    told("index", "standing", "--family", "bozhou", "--to", "trial", "--reason", "begin")
    told("webhooks", "replay", endpoint)
    shown = told("webhooks", "deliveries", endpoint)
    assert "index.standing" in shown
    assert "waiting" in shown
    assert "webhook.test" in shown
    again = re.findall(r"msg_[0-9a-f]{32}", shown)[-1]
    assert "1 to be sent again" in told("webhooks", "replay", endpoint, "--event", again)
    assert re.findall(r"whsec_\S+", told("webhooks", "rotate", endpoint)) != [secret]
    told("webhooks", "disable", endpoint)
    assert "disabled" in told("webhooks", "list")
    told("webhooks", "enable", endpoint)
    assert "enabled" in told("webhooks", "list")


REFUSED = (
    ("add", "https://127.0.0.1/hook"),
    ("add", "http://example.org/hook"),
    ("test", "ep_none"),
    ("disable", "ep_none"),
    ("rotate", "ep_none"),
    ("deliveries", "ep_none"),
    ("replay", "ep_none"),
)


def test_what_cannot_be_done_is_refused_in_words(refused: Callable[..., str]) -> None:
    for arguments in REFUSED:
        said = refused("webhooks", *arguments)
        assert "Traceback" not in said
        assert len(said.splitlines()) >= 2


@pytest.mark.usefixtures("told")
def test_an_unknown_event_is_misuse() -> None:
    assert run(("webhooks", "add", "https://example.org/hook", "--event", "release.deleted")) == MISUSED
