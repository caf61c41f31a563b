"""A witness, or somebody on the way to one, wants to stop the log, or to keep it from seeing a fork."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from ledger.checkpoint import open_checkpoint
from ledger.keyring import key_changes
from ledger.keyring.log_keys import fixed
from ledger.keys import SigningKey
from ledger.note import MAX_SIGNATURES
from ledger.witnessing.cosignature import CosignerKey, cosign
from ledger.witnessing.policy import Policy, Witness
from ledger.witnessing.witness_client import WitnessClient
from ledger.witnessing.witness_errors import WitnessAnswerBad, WitnessUnreachable
from ledger.witnessing.witness_offer import Offer
from ledger.witnessing.witness_round import _our_keys
from ledger.writing.sequencer import Sequencer
from tests.ledger.small_log import AT_MS, LOG_KEY, SmallLog
from tests.ledger.small_witness import LOG, NOW_S, ORIGIN, SmallWitness, Tree, answered, policy_of

TRUE = Tree()


def crowd(count: int) -> str:
    """Cosignatures by so many keys that nobody knows."""
    body = TRUE.signed(9).checkpoint.body()
    return "".join(
        cosign(body, f"x{at}.example", SigningKey.from_seed(bytes([at]) * 32), NOW_S) for at in range(count)
    )


@pytest.mark.parametrize("lines", [crowd(MAX_SIGNATURES - 1), TRUE.signed(9).text.rpartition("\n\n")[2] * 15])
def test_lines_added_to_an_offer_on_its_way_do_not_make_what_the_witness_shows_unreadable(
    tmp_path: Path, lines: str
) -> None:
    made = SmallWitness(tmp_path)
    offer = Offer(0, (), TRUE.signed(9).text + lines).to_bytes()
    line = made.cosign(offer)
    shown = made.store.seen(ORIGIN).cosigned_note
    made.store.close()
    assert open_checkpoint(shown, policy_of([made], "all")).size == 9
    assert shown == TRUE.signed(9).text + line


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does to each connection what `answer` does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def client_of(address: str, http: httpx.Client, patience_s: float) -> WitnessClient:
    key = CosignerKey("w.example", SigningKey.from_seed(b"w" * 32).public)
    return WitnessClient(Witness("w", key, address), http, lambda: NOW_S, time.monotonic, patience_s)


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nx-", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_drips_is_cut_off_wherever_it_drips(begun: bytes) -> None:
    """Each byte comes well within the time limit of a connection, and the answer never ends."""
    gone: list[int] = []

    def drip(connection: socket.socket) -> None:
        connection.recv(65_536)
        try:
            connection.sendall(begun or b"HTTP/1.1 200 OK\r\n")
            for sent in range(2000):  # a hundred seconds, should nobody hang up
                connection.sendall(b"x")
                time.sleep(0.05)
                gone[:] = [sent]
        except OSError:
            return

    with (
        listening(drip) as address,
        httpx.Client(timeout=5) as http,
        pytest.raises((WitnessUnreachable, WitnessAnswerBad)),
    ):
        client_of(address, http, 0.3).shown(ORIGIN, Policy.of_log(LOG.to_vkey()))
    assert gone < [1000]


def test_a_head_signed_by_a_log_key_since_retired_is_our_signature_still(sqlite_log: SmallLog) -> None:
    """What a witness shows of the time between two changes of the key is evidence like any other."""
    keys = [LOG_KEY, *(SigningKey.from_seed(bytes([at]) * 32) for at in (50, 51))]
    for old, new in pairwise(keys):
        with sqlite_log.write() as session:
            key_changes.add_log_key(session, ORIGIN, new, old, AT_MS)
            key_changes.retire_log_key(session, ORIGIN, old.public.key_id, new, AT_MS)
        Sequencer(sqlite_log.write, ORIGIN, fixed(*keys)).drain()
    with sqlite_log.read() as session:
        trusted = _our_keys(session, ORIGIN)
    for key in keys:
        assert open_checkpoint(Tree(key=key).signed(9).text, trusted).size == 9


def test_a_redirect_of_a_witness_leads_nowhere() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        made = answered(302, b"")
        made.headers["location"] = "http://169.254.169.254/latest"
        return made

    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        client = client_of("http://w.example", http, 1)
        assert client.shown(ORIGIN, Policy.of_log(LOG.to_vkey())) is None
    assert asked == ["w.example"]
