"""The witness against c2sp.org/tlog-witness, sentence by sentence, with signatures checked by other code."""

import base64
import hashlib
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.testclient import TestClient

from api.witness_service import create_witness_app
from ledger.keys import SigningKey
from ledger.merkle import EMPTY_ROOT
from ledger.note import encode_base64
from ledger.witnessing.witness import Witness
from ledger.witnessing.witness_errors import MalformedOffer
from ledger.witnessing.witness_offer import MAX_OFFER_BYTES, Offer
from ledger.witnessing.witness_store import Turn, WitnessStore
from tests.ledger.small_witness import NOW_S, ORIGIN, SmallWitness, Tree

TREE = Tree()
STRANGER = SigningKey.from_seed(b"\x77" * 32)


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[SmallWitness]:
    """A witness that knows the log and has cosigned nothing."""
    made = SmallWitness(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def http(witness: SmallWitness) -> Iterator[TestClient]:
    """Its service."""
    with TestClient(create_witness_app(witness.witness)) as client:
        yield client


def body_by_hand(old: int, new: int) -> bytes:
    """The request body built from the page's words, without the code under test."""
    proof = "".join(base64.b64encode(each).decode() + "\n" for each in TREE.proof(old, new))
    return f"old {old}\n{proof}\n{TREE.signed(new).text}".encode()


def test_the_request_body_is_written_byte_for_byte() -> None:
    for old, new in ((0, 5), (5, 9), (8, 64), (9, 9)):
        assert TREE.offer(old, new) == body_by_hand(old, new)
        read = Offer.from_bytes(body_by_hand(old, new))
        assert (read.old, read.proof, read.note) == (old, TREE.proof(old, new), TREE.signed(new).text)


def test_the_example_request_of_the_page_is_read() -> None:
    example = (
        b"old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
        b"jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
        b"/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        b"\xe2\x80\x94 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
        b"Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    read = Offer.from_bytes(example)
    assert (read.old, len(read.proof)) == (20_852_014, 4)
    assert read.note.startswith("example.com/behind-the-sofa\n20852163\n")
    assert read.to_bytes() == example


def test_200_is_one_cosignature_line_over_the_checkpoint(witness: SmallWitness, http: TestClient) -> None:
    answer = http.post("/add-checkpoint", content=body_by_hand(0, 5))
    assert answer.status_code == 200
    matched = re.fullmatch("— w1.example ([A-Za-z0-9+/=]+)\n", answer.text)
    assert matched
    raw = base64.b64decode(matched[1])
    key = witness.key.public.raw
    assert raw[:4] == hashlib.sha256(b"w1.example\n\x04" + key).digest()[:4]
    (stated,) = struct.unpack(">Q", raw[4:12])
    assert stated == NOW_S
    root = base64.b64encode(TREE.root(5)).decode()
    message = f"cosignature/v1\ntime {NOW_S}\n{ORIGIN}\n5\n{root}\n".encode()
    Ed25519PublicKey.from_public_bytes(key).verify(raw[12:], message)


def test_a_log_is_followed_from_any_size_to_any_later_one(witness: SmallWitness, http: TestClient) -> None:
    sizes = [0, 1, 2, 3, 7, 8, 8, 31, 32, 33, 64]
    for old, new in pairwise(sizes):
        assert http.post("/add-checkpoint", content=body_by_hand(old, new)).status_code == 200
        assert witness.store.seen(ORIGIN).size == new


def test_an_empty_log_is_cosigned_once_its_root_is_that_of_the_empty_tree(http: TestClient) -> None:
    assert http.post("/add-checkpoint", content=body_by_hand(0, 0)).status_code == 200
    assert hashlib.sha256(b"").digest() == EMPTY_ROOT
    assert http.post("/add-checkpoint", content=body_by_hand(0, 3)).status_code == 200


def test_404_for_a_log_that_is_not_known(http: TestClient) -> None:
    unknown = Tree(origin="log.example/anguo")
    assert http.post("/add-checkpoint", content=unknown.offer(0, 3)).status_code == 404


def test_403_when_no_trusted_key_signed_or_a_trusted_keys_line_is_false(http: TestClient) -> None:
    assert http.post("/add-checkpoint", content=Tree(key=STRANGER).offer(0, 3)).status_code == 403
    line = TREE.signed(4).text.split("\n\n")[1]
    spoilt = TREE.offer(0, 3).decode() + line
    assert http.post("/add-checkpoint", content=spoilt.encode()).status_code == 403


def test_signatures_of_unknown_keys_are_ignored(http: TestClient) -> None:
    foreign = Tree(key=STRANGER).signed(3).text.split("\n\n")[1]
    assert http.post("/add-checkpoint", content=(TREE.offer(0, 3).decode() + foreign)).status_code == 200


def test_400_for_an_old_size_beyond_the_checkpoint(http: TestClient) -> None:
    body = TREE.offer(0, 3).replace(b"old 0", b"old 4")
    assert http.post("/add-checkpoint", content=body).status_code == 400


@pytest.mark.parametrize("old", [0, 4, 6])
def test_409_tells_the_size_cosigned_last(http: TestClient, old: int) -> None:
    http.post("/add-checkpoint", content=body_by_hand(0, 5))
    answer = http.post("/add-checkpoint", content=body_by_hand(old, 9))
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "text/x.tlog.size"
    assert answer.content == b"5\n"


def test_422_for_a_proof_that_does_not_verify(witness: SmallWitness, http: TestClient) -> None:
    http.post("/add-checkpoint", content=body_by_hand(0, 5))
    good = TREE.proof(5, 9)
    note = TREE.signed(9).text
    wrong = [
        (),
        good[:-1],
        (*good, bytes(32)),
        good[::-1],
        (*good[:-1], bytes(32)),
        TREE.proof(4, 9),
    ]
    for proof in wrong:
        answer = http.post("/add-checkpoint", content=Offer(5, proof, note).to_bytes())
        assert answer.status_code == 422, proof
    forked = Offer(5, Tree("fork").proof(5, 9), Tree("fork").signed(9).text)
    assert http.post("/add-checkpoint", content=forked.to_bytes()).status_code == 422
    assert witness.store.seen(ORIGIN).size == 5


def test_422_for_a_proof_where_none_may_stand(http: TestClient) -> None:
    note = TREE.signed(5).text
    assert http.post("/add-checkpoint", content=Offer(0, (bytes(32),), note).to_bytes()).status_code == 422
    http.post("/add-checkpoint", content=body_by_hand(0, 5))
    assert http.post("/add-checkpoint", content=Offer(5, (bytes(32),), note).to_bytes()).status_code == 422


def test_409_for_another_root_at_the_same_size(witness: SmallWitness, http: TestClient) -> None:
    http.post("/add-checkpoint", content=body_by_hand(0, 5))
    forked = Offer(5, (), Tree("fork").signed(5).text).to_bytes()
    answer = http.post("/add-checkpoint", content=forked)
    assert answer.status_code == 409
    assert answer.headers["content-type"] != "text/x.tlog.size"  # there is no size to start anew from
    assert witness.store.seen(ORIGIN).root == TREE.root(5)


def test_the_same_checkpoint_again_is_cosigned_again_at_the_later_time(
    witness: SmallWitness, http: TestClient
) -> None:
    first = http.post("/add-checkpoint", content=body_by_hand(0, 5)).text
    witness.now_s += 60
    again = http.post("/add-checkpoint", content=body_by_hand(5, 5))
    assert again.status_code == 200
    assert again.text != first


MALFORMED = {
    "empty": b"",
    "no old line": TREE.offer(0, 5).removeprefix(b"old 0\n"),
    "leading zero": TREE.offer(0, 5).replace(b"old 0", b"old 00"),
    "sign": TREE.offer(0, 5).replace(b"old 0", b"old +0"),
    "two blanks": TREE.offer(0, 5).replace(b"old 0", b"old  0"),
    "capital": TREE.offer(0, 5).replace(b"old 0", b"Old 0"),
    "CRLF": TREE.offer(0, 5).replace(b"\n", b"\r\n"),
    "CRLF in the old line": TREE.offer(0, 5).replace(b"old 0\n", b"old 0\r\n"),
    "no empty line": TREE.offer(0, 5).replace(b"\n\n", b"\n"),
    "short hash": b"old 5\nAAAA\n\n" + TREE.signed(9).text.encode(),
    "hash that is not base64": b"old 5\n!!!\n\n" + TREE.signed(9).text.encode(),
    "64 proof lines": b"old 5\n" + (encode_base64(bytes(32)) + "\n").encode() * 64 + b"\nx",
    "not UTF-8": b"old 0\n\n\xff\xfe",
    "unsigned": f"old 0\n\n{TREE.signed(5).checkpoint.body()}".encode(),
    "17 signatures": TREE.offer(0, 5) + TREE.signed(5).text.split("\n\n")[1].encode() * 16,
    "size with a leading zero": TREE.offer(0, 5).replace(b"\n5\n", b"\n05\n"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_400_for_a_body_of_another_form(http: TestClient, name: str) -> None:
    answer = http.post("/add-checkpoint", content=MALFORMED[name])
    # A changed checkpoint is first of all one that nobody signed.
    assert answer.status_code == (403 if name == "size with a leading zero" else 400)


def test_63_proof_lines_are_read() -> None:
    lines = (encode_base64(bytes(32)) + "\n").encode() * 63
    assert len(Offer.from_bytes(b"old 5\n" + lines + b"\nnote").proof) == 63


def test_a_body_without_end_is_cut_off(http: TestClient) -> None:
    assert http.post("/add-checkpoint", content=b"o" * (MAX_OFFER_BYTES + 1)).status_code == 413
    with pytest.raises(MalformedOffer):
        Offer.from_bytes(b"o" * (MAX_OFFER_BYTES + 1))


def test_the_last_cosigned_checkpoint_is_shown_to_monitors(http: TestClient) -> None:
    path = f"/{hashlib.sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    assert http.get(path).status_code == 404
    line = http.post("/add-checkpoint", content=body_by_hand(0, 5)).text
    assert http.get(path).text == TREE.signed(5).text + line
    assert http.get(f"/{'0' * 64}/checkpoint").status_code == 404
    assert http.get("/add-checkpoint").status_code == 405


def test_a_clock_that_goes_back_signs_nothing(witness: SmallWitness, http: TestClient) -> None:
    http.post("/add-checkpoint", content=body_by_hand(0, 5))
    witness.now_s -= 1
    assert http.post("/add-checkpoint", content=body_by_hand(5, 9)).status_code == 503
    assert witness.store.seen(ORIGIN).size == 5
    witness.now_s += 1
    assert http.post("/add-checkpoint", content=body_by_hand(5, 9)).status_code == 200


class FullDisk(WitnessStore):
    """A memory whose disk fails at the moment of the commit, as long as `full`."""

    full = True

    @contextmanager
    def turn(self, origin: str) -> Iterator[Turn]:
        """Undo everything and fail, after the offer was found good and signed."""
        with super().turn(origin) as turn:
            yield turn
            if self.full:
                raise OSError(28, "No space left on device")


def test_nothing_is_answered_unless_it_is_kept(witness: SmallWitness) -> None:
    store = FullDisk(witness.path)
    failing = Witness("w1.example", witness.key, witness.witness.logs, store, lambda: NOW_S)
    with TestClient(create_witness_app(failing), raise_server_exceptions=False) as http:
        answer = http.post("/add-checkpoint", content=body_by_hand(0, 5))
        assert answer.status_code == 500
        assert "w1.example" not in answer.text
        assert witness.store.seen(ORIGIN).size == 0
        store.full = False
        assert http.post("/add-checkpoint", content=body_by_hand(0, 5)).status_code == 200
        assert witness.store.seen(ORIGIN).size == 5
    store.close()
