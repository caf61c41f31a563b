"""Who registers an address to reach what is inside, and who sends a receiver what we never sent."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.settings import load_settings
from api.station import Station
from api.webhooks.deliveries import State
from api.webhooks.endpoints import OPERATOR, EndpointNew, register
from api.webhooks.sending import Fault
from api.webhooks.signatures import public_text
from api.webhooks.webhook_keys import SECRETS_FILE
from api.webhooks.webhook_tables import (
    WebhookDeliveryRow,
    WebhookEndpointRow,
    WebhookEventRow,
    WebhookTryRow,
)
from ledger.keys import SigningKey
from priceindex.feeds.address_guard import AddressGuard
from tests.api.private_station import bearer
from tests.api.webhooks.receiver import Receiver, asymmetric_holds, symmetric_holds
from tests.api.webhooks.webhook_station import EVERY, WebhookStation, receiving

Issue = Callable[..., str]
PUBLIC = "93.184.216.34"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


def written(station: Station, address: str) -> None:
    """Put an endpoint into the database as if its address had passed, or changed its meaning since."""
    new = EndpointNew.model_validate({"address": address, "events": list(EVERY)})
    station.writer.submit(
        lambda session: register(session, new, OPERATOR, station.clock(), station.randomness)
    )


def outcome(at: WebhookStation) -> tuple[State, Fault | None, int | None]:
    with at.station.database.read() as session:
        delivery = session.exec(select(WebhookDeliveryRow)).one()
        last = session.exec(select(WebhookTryRow).order_by(col(WebhookTryRow.try_id).desc())).first()
    assert last is not None
    return State(delivery.state), None if last.fault is None else Fault(last.fault), last.status


INSIDE = (
    "https://127.0.0.1/hook",
    "https://localhost/hook",
    "https://[::1]/hook",
    "https://0.0.0.0/hook",
    "https://10.0.0.7/hook",
    "https://192.168.1.1/hook",
    "https://169.254.169.254/latest/meta-data/",
    "https://224.0.0.1/hook",
    "https://[fe80::1]/hook",
    "https://[fc00::1]/hook",
    "https://[::ffff:10.0.0.1]/hook",
    "https://[64:ff9b::a00:1]/hook",
    "https://0x7f000001/hook",
    "https://2130706433/hook",
    f"http://{PUBLIC}/hook",
    f"ftp://{PUBLIC}/hook",
    "file:///etc/passwd",
    f"https://user:word@{PUBLIC}/hook",
    f"https://{PUBLIC}/hook#part",
    f"https://{PUBLIC}/hook\r\nhost: inside",
    "https:///hook",
    "//example.org/hook",
)
"""Addresses that lead inside, or are no https address of a host."""


def test_no_address_inside_is_registered(client: TestClient, token_with: Issue) -> None:
    token = bearer(token_with("index:publish"))
    for address in INSIDE:
        new = {"address": address, "events": ["index.notice"]}
        answer = client.post("/v1/webhooks", json=new, headers=token)
        assert answer.status_code == 422, address
        assert answer.json()["type"] == "/problems/endpoint-refused", address
        assert "user:word" not in answer.text
    assert client.get("/v1/webhooks", headers=token).json() == {"endpoints": [], "next": None}


def test_a_name_that_leads_inside_later_is_not_followed(station: Station, receiver: Receiver) -> None:
    """Rebinding between registration and try: the guard asks anew, and every address has to be public."""
    inside = ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "::"]
    at = WebhookStation(station, guard=AddressGuard(resolve=lambda _host, _port: [PUBLIC, inside[0]]))
    written(station, receiver.url.replace("127.0.0.1", "rebound.example.org"))
    at.happen()
    while inside:
        assert at.deliver() == [State.WAITING]
        assert outcome(at) == (State.WAITING, Fault.REFUSED, None)
        inside.pop(0)
        at.later(3600)
    assert receiver.got == []


def test_the_connection_goes_to_the_very_address_that_was_checked(
    station: Station, receiver: Receiver
) -> None:
    """Rebinding between check and connection: the name is asked for once, and no library asks again."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    at = WebhookStation(station, guard=AddressGuard(private_allowed=True, resolve=resolve))
    name = "no-such-name.invalid"
    written(station, receiver.url.replace("127.0.0.1", name))
    at.happen()
    assert at.deliver() == [State.DELIVERED]
    assert asked == [name]
    assert receiver.got[0].headers["host"].partition(":")[0] == name


def test_a_redirect_inside_is_a_failure_and_nobody_goes_there(station: Station, receiver: Receiver) -> None:
    at = WebhookStation(station)
    moved = [301, 302, 303, 307, 308]
    with receiving() as inside:
        receiver.answers = [(status, {"location": inside.url}) for status in moved]
        at.register(receiver)
        at.happen()
        for status in moved:
            assert at.deliver() == [State.WAITING]
            assert outcome(at) == (State.WAITING, None, status)
            at.later(3600)
        assert inside.got == []


@contextmanager
def dripping(first: bytes, last: bytes = b"") -> Iterator[int]:
    """A server that answers byte by byte, three seconds long, and then ends well; gives its port."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            taken, _ = listening.accept()
            with taken:
                try:
                    taken.sendall(first)
                    for _ in range(150):
                        if stop.wait(0.02):
                            return
                        taken.sendall(b"x")
                    taken.sendall(last)
                except OSError:
                    stop.set()

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        stop.set()
        thread.join()


def test_a_server_that_drips_its_head_is_left_when_the_time_is_over(station: Station) -> None:
    at = WebhookStation(station, seconds=0.5)
    with dripping(b"HTTP/1.1 200 OK\r\nx: ", b"\r\n\r\n") as port:
        written(station, f"http://127.0.0.1:{port}/hook")
        at.happen()
        at.deliver()
    assert outcome(at) == (State.WAITING, Fault.TOO_SLOW, None)


def test_an_answers_body_is_not_read_however_long(station: Station) -> None:
    at = WebhookStation(station)
    with dripping(b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n") as port:
        written(station, f"http://127.0.0.1:{port}/hook")
        at.happen()
        assert at.deliver() == [State.DELIVERED]


@pytest.mark.parametrize("first", [b"", b"\x00\xff garbage\r\n\r\n", b"HTTP/1.1 999999 x\r\n\r\n"])
def test_an_answer_that_is_no_http_is_a_failed_try(station: Station, first: bytes) -> None:
    at = WebhookStation(station, seconds=0.5)
    with dripping(first) as port:
        written(station, f"http://127.0.0.1:{port}/hook")
        at.happen()
        assert at.deliver() == [State.WAITING]


def test_what_is_forged_altered_or_sent_elsewhere_does_not_verify(
    station: Station, receiver: Receiver
) -> None:
    at = WebhookStation(station)
    _, secret = at.register(receiver)
    at.happen()
    at.deliver()
    [got] = receiver.got
    public = public_text(station.webhook_keys.public)
    assert symmetric_holds(got, secret)
    assert asymmetric_holds(got, public)
    with receiving() as other:
        at.register(other)
        at.happen()
        at.deliver()
        # Who received an event cannot pass it on to another as ours: its secret signs nothing for that one.
        assert not symmetric_holds(other.got[0], secret)
    for forged in (
        replace(got, body=got.body.replace(b"trial", b"official")),
        replace(got, body=got.body + b" "),
        *(
            replace(got, headers=got.headers | {name: value})
            for name, value in (
                ("webhook-timestamp", str(int(got.headers["webhook-timestamp"]) + 86_400)),
                ("webhook-id", "msg_" + "0" * 32),
                ("webhook-signature", "v1, v1a,"),
            )
        ),
    ):
        assert not symmetric_holds(forged, secret)
        assert not asymmetric_holds(forged, public)
    stranger = SigningKey.generate(station.randomness).public
    assert not asymmetric_holds(got, public_text(stranger))


def test_an_ids_parts_cannot_be_moved_over_the_full_stop(station: Station, receiver: Receiver) -> None:
    """`{id}.{timestamp}.{body}` can be read in one way alone: neither id nor time holds a full stop."""
    at = WebhookStation(station)
    at.register(receiver)
    at.happen()
    at.deliver()
    [got] = receiver.got
    assert "." not in got.id
    assert got.headers["webhook-timestamp"].isdigit()


def everything_kept(session: Session) -> str:
    tables = (WebhookEndpointRow, WebhookEventRow, WebhookDeliveryRow, WebhookTryRow)
    return "\n".join(row.model_dump_json() for table in tables for row in session.exec(select(table)))


def test_secrets_stand_in_no_log_and_in_no_database(
    station: Station, receiver: Receiver, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    at = WebhookStation(station)
    to, secret = at.register(receiver)
    receiver.answers = [(503, {})]
    at.happen()
    at.deliver()
    said = "".join(capsys.readouterr())
    assert "webhook_tried" in said
    raw = secret.removeprefix("whsec_")
    with station.database.read() as session:
        kept = everything_kept(session)
    for place in (said, kept):
        assert raw not in place
        assert "whsec_" not in place
        assert "whsk_" not in place
    assert "in-the-query" not in said
    files = [path for path in tmp_path.rglob("*") if path.is_file() and b"whsec_" in path.read_bytes()]
    assert files == []
    mode = (station.settings.keys_folder / SECRETS_FILE).stat().st_mode
    assert (mode & 0o077, (station.settings.keys_folder / "webhook.key").stat().st_mode & 0o077) == (0, 0)
    assert to.endpoint_id in said


def test_nothing_goes_inside_unless_the_operator_says_so() -> None:
    assert load_settings().webhooks_private_addresses is False


def test_one_who_may_do_little_does_not_outlast_a_hung_host_of_his(station: Station) -> None:
    """Many endpoints on one host that hangs take one thread, and a host beside it is served."""
    at = WebhookStation(station, seconds=1.0)
    with receiving() as hung, receiving() as well:
        hung.hang = threading.Event()
        for number in range(12):
            written(station, f"{hung.url}&n={number}")
        well.url = well.url.replace("127.0.0.1", "localhost")
        at.register(well)
        at.happen()
        at.delivering.look()
        for thread in list(at.delivering._busy.values()):
            thread.join(10)
        assert len(well.got) == 1
        assert len(hung.got) == 1
