"""The tree over HTTP: a client that knows nothing but the tlog-tiles page follows the whole log."""

import base64
import gzip
import hashlib
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from api.station import Station
from ledger import log
from ledger.subjects.subject_index import IndexedSubject, SubjectIndex, verify_absent, verify_newest
from tests.ledger import plain_tree

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def grow(station: Station) -> Callable[[int], None]:
    """Register some keys, each an entry of the log."""

    def grow(count: int) -> None:
        from ledger import registry
        from ledger.keys import SigningKey

        def register(session: object, seed: bytes) -> None:
            key = SigningKey.from_seed(hashlib.sha256(seed).digest())
            registry.register_key(session, key, station.settings.origin, 1, holder="某药农")  # type: ignore[arg-type]

        with station.database.write() as session:
            begin = len(seeds)
            for number in range(begin, begin + count):
                seeds.append(number)
                register(session, str(number).encode())
        station.settle()

    seeds: list[int] = []
    station.settle()
    return grow


def head(client: TestClient) -> tuple[str, int, bytes]:
    """Origin, size and root as the checkpoint's three lines say them."""
    origin, size, root = client.get("/log/checkpoint").text.split("\n")[:3]
    return origin, int(size), base64.b64decode(root)


def followed(client: TestClient) -> list[bytes]:
    """Every leaf of the log, fetched as a monitor does, hashed, and held against every tile and the root."""
    _, size, root = head(client)
    leaves: list[bytes] = []
    while len(leaves) < size:
        width = min(256, size - len(leaves))
        suffix = "" if width == 256 else f".p/{width}"
        bundle = client.get(f"/log/tile/entries/{plain_tree.number(len(leaves) // 256)}{suffix}").content
        for _ in range(width):
            length = int.from_bytes(bundle[:2], "big")
            leaves.append(bundle[2 : 2 + length])
            bundle = bundle[2 + length :]
        assert bundle == b""
    hashes = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    assert plain_tree.mth(hashes) == root
    for path, content in plain_tree.files(leaves).items():
        assert client.get(f"/log/{path}").content == content, path
    return leaves


def test_a_client_follows_the_log_as_it_grows(
    client: TestClient, grow: Callable[[int], None], station: Station
) -> None:
    assert head(client)[0] == station.settings.origin
    before = followed(client)
    for count in (3, 250, 10):
        grow(count)
        leaves = followed(client)
        assert leaves[: len(before)] == before
        assert len(leaves) == len(before) + count
        before = leaves


def test_partial_tiles_of_every_width_stay_the_same_after_the_log_has_grown_past_them(
    client: TestClient, grow: Callable[[int], None]
) -> None:
    grow(200)
    widths = (1, 7, 100, 199)
    paths = [f"/log/tile/{kind}/000.p/{width}" for kind in ("0", "entries") for width in widths]
    first = {path: client.get(path) for path in paths}
    assert {answer.status_code for answer in first.values()} == {200}
    grow(100)
    assert {path: client.get(path).content for path in paths} == {
        path: answer.content for path, answer in first.items()
    }
    assert client.get("/log/tile/0/000").content[:32] == first[paths[0]].content


def test_what_never_changes_is_kept_for_ever_and_the_checkpoint_is_not(
    client: TestClient, grow: Callable[[int], None]
) -> None:
    grow(300)
    for path in ("tile/0/000", "tile/entries/000", "tile/0/001.p/2", "tile/1/000.p/1"):
        answer = client.get(f"/log/{path}")
        assert answer.headers["cache-control"] == FOR_EVER
        assert answer.headers["content-type"] == "application/octet-stream"
    assert len(client.get("/log/tile/0/000").content) == 8192
    checkpoint = client.get("/log/checkpoint")
    assert checkpoint.headers["cache-control"] == "no-store"
    assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
    assert checkpoint.text == client.get("/v1/log/checkpoint").text


def test_bundles_are_compressed_for_whoever_takes_it(client: TestClient, grow: Callable[[int], None]) -> None:
    grow(5)
    path = "/log/tile/entries/000.p/5"
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"
    for refused in ("gzip;q=0", "gzip; q=0.0", "br", ""):
        assert "content-encoding" not in client.get(path, headers={"Accept-Encoding": refused}).headers
    for taken in ("gzip", "br, gzip;q=0.5", "GZIP"):
        with client.stream("GET", path, headers={"Accept-Encoding": taken}) as answer:
            assert answer.headers["content-encoding"] == "gzip"
            assert gzip.decompress(b"".join(answer.iter_raw())) == plain.content


NOT_THERE = (
    "0/001",
    "0/000",
    "0/000.p/200",
    "0/000.p/0",
    "0/000.p/05",
    "0/000.p/256",
    "00/000",
    "1/000",
    "1/000.p/1",
    "63/000",
    "64/000",
    "0/x000/000",
    "0/0",
    "entries/000",
    "entries/001.p/1",
    "entries/x001/000",
    "0/x999/x999/x999/x999/x999/999",
    "-1/000",
    "0/000.p/-1",
    "0/000.P/1",
    "0/000.p/1/",
    "0//000",
    "..%2f..%2fcheckpoint",
    "0/%EF%BC%90%EF%BC%90%EF%BC%90",
)
"""After six entries: not published, or spelt otherwise."""


def test_what_is_not_published_or_is_spelt_otherwise_is_not_found(
    client: TestClient, grow: Callable[[int], None]
) -> None:
    grow(5)
    for path in NOT_THERE:
        answer = client.get(f"/log/tile/{path}")
        assert answer.status_code == 404, path
        assert "immutable" not in answer.headers.get("cache-control", ""), path


def test_entries_no_checkpoint_covers_are_not_served(
    client: TestClient, grow: Callable[[int], None], station: Station
) -> None:
    """As between integration and signing, or while witnesses are waited for."""
    grow(5)
    _, size, _ = head(client)
    with station.database.write() as session:
        session.connection().exec_driver_sql(
            f"DELETE FROM ledger_checkpoint WHERE size = {size}"  # noqa: S608  a number
        )
    _, published, _ = head(client)
    assert published < size
    for path in (f"0/000.p/{published}", f"entries/000.p/{published}"):
        assert client.get(f"/log/tile/{path}").status_code == 200
    for path in (f"0/000.p/{published + 1}", f"entries/000.p/{published + 1}"):
        assert client.get(f"/log/tile/{path}").status_code == 404


def index_in(told: dict[str, object]) -> SubjectIndex:
    return SubjectIndex.of_public({name: told[name] for name in ("size", "count", "root")})


def test_a_subjects_newest_entry_or_absence_is_proved_to_anyone(
    client: TestClient, grow: Callable[[int], None], station: Station
) -> None:
    grow(20)
    assert client.get("/v1/log/subjects/lot/none").json()["type"].endswith("no-subject-index-yet")
    assert station.subject_indexing.run_if_due() is not None
    station.settle()
    key = station.key.public.key_id
    told = client.get(f"/v1/log/subjects/key/{key}").json()
    assert told["state"] == "present"
    proven = verify_newest(index_in(told), f"key/{key}", IndexedSubject.from_json(told["newest"]))
    leaves = followed(client)
    assert (proven.count, proven.head) == (1, hashlib.sha256(b"\x00" + leaves[0]).digest())
    assert told["root"].encode() in leaves[told["entry_index"]]
    absent = client.get("/v1/log/subjects/lot/%E4%B8%AD").json()
    assert absent["state"] == "absent"
    before, after = (
        IndexedSubject.from_json(absent[name]) if name in absent else None for name in ("before", "after")
    )
    verify_absent(index_in(absent), "lot/中", before, after)


def test_an_index_is_made_when_the_last_one_is_a_day_old(
    grow: Callable[[int], None], station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(2)
    indexing = station.subject_indexing
    now_ms = station.clock()
    monkeypatch.setattr(indexing, "_clock", lambda: now_ms)
    assert indexing.run_if_due() is not None
    station.settle()
    now_ms += 86_400_000 - 1
    assert indexing.run_if_due() is None
    now_ms += 1
    second = indexing.run_if_due()
    assert second is not None
    assert second.size == 4


def test_a_false_tile_is_never_answered_as_ours(
    client: TestClient, grow: Callable[[int], None], station: Station
) -> None:
    """Rows that are gone are an operator's fault to be told of, not an empty answer to be cached."""
    grow(5)
    with station.database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM ledger_tile")
    answer = client.get("/log/tile/0/000.p/5")
    assert answer.status_code == 500
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_head_is_answered_wherever_a_tlog_client_asks(
    client: TestClient, grow: Callable[[int], None]
) -> None:
    """RFC 9110, section 9.1: GET and HEAD must be supported."""
    grow(3)
    for path in ("/log/checkpoint", "/log/tile/0/000.p/4", "/log/tile/entries/000.p/4"):
        asked, got = client.head(path), client.get(path)
        assert (asked.status_code, got.status_code) == (200, 200)
        assert asked.headers["content-type"] == got.headers["content-type"]
    assert client.head("/log/tile/0/001").status_code == 404


@pytest.mark.parametrize("name", ["check.js", "verify.js", "daodi.css"])
def test_the_pages_own_text_goes_out_compressed_to_whoever_takes_that(client: TestClient, name: str) -> None:
    plain = client.get(f"/static/{name}", headers={"Accept-Encoding": "identity"})
    packed = client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert plain.content == packed.content
    assert int(packed.headers["content-length"]) * 2 < int(plain.headers["content-length"])
    assert plain.headers["etag"] != packed.headers["etag"]
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]}
    assert client.get(f"/static/{name}", headers=again).status_code == 304


@pytest.mark.parametrize(
    ("old", "new", "said"), [(4, 3, "a tree of size 3 has no 4"), (2, 9, "of size 4 has no 9")]
)
def test_growth_is_proved_within_the_published_size_only(
    client: TestClient, grow: Callable[[int], None], old: int, new: int, said: str
) -> None:
    grow(3)
    assert client.get("/v1/log/consistency", params={"old": 2, "new": 4}).status_code == 200
    answer = client.get("/v1/log/consistency", params={"old": old, "new": new, "lang": "en"})
    assert (answer.status_code, said in answer.json()["detail"]) == (422, True)


def test_growth_beyond_the_published_size_is_not_proved(
    client: TestClient, grow: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With witnesses away the log is longer than what is published."""
    grow(2)
    published = log.checkpoint
    with client.app.state.station.database.read() as session:  # type: ignore[attr-defined]  FastAPI's
        early = published(session)
    grow(3)
    monkeypatch.setattr(log, "checkpoint", lambda _: early)
    asked = {"old": 2, "new": early.size + 1}
    assert client.get("/v1/log/consistency", params=asked).status_code == 422
