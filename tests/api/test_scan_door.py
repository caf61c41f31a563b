"""The scan page's own door says what the common way says, and nothing that a commit made untrue."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from threading import Event

import pytest
from starlette.testclient import TestClient

from api.cache import BodyCache
from api.code_lookups import FileLookups, Reading, ServerLookups
from api.holding import ask_lifting, lift_hold, place
from api.scan_bodies import drawn_body
from api.station import Station
from tests.journeys.small_city import Asked, SmallCity, small_city
from tests.own_database import own_database
from trace.coding.trace_code import decode, encode
from trace.recalls.hold_targets import HoldNew
from trace.recalls.hold_world import HoldKind, Role
from trace.recalls.persons import Person

PERSON = Person(role=Role.OPERATOR, party=None, name="test", token="daodi_test")
OTHER = Person(role=Role.OPERATOR, party=None, name="other", token="daodi_other")
FROZEN = 'class="verdict bad"'
DOUBTFUL = "<h1>存疑</h1>"
NOW_MS = 1_750_000_000_000
COMMON = {"X-Request-Id": "the-common-way-1"}
"""A request with an id of its own takes the common way."""
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with ExitStack() as stack:
        address = None
        if request.param == "postgresql":
            server = request.getfixturevalue("postgresql_server")
            address = stack.enter_context(own_database(server, "door"))
        yield stack.enter_context(small_city(tmp_path_factory.mktemp("city"), address))


@pytest.fixture
def station(asked: Asked) -> Station:
    return asked.station


@pytest.fixture
def client(asked: Asked) -> TestClient:
    return asked.client


@pytest.fixture
def city(asked: Asked) -> SmallCity:
    return asked.city


def _hold(station: Station, kind: HoldKind, target: str) -> str:
    return place(station, HoldNew(kind=kind, target=target, reason="抽检复核"), PERSON).hold_id


def _lift(station: Station, hold: str) -> None:
    ask_lifting(station, hold, "复核合格", PERSON)
    lift_hold(station, hold, OTHER)


_LATER = count(1)


def _stopped(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stop the door's clock, later than it ever was: what it read before has ended."""
    now = [time.monotonic() + 1000 * next(_LATER)]
    monkeypatch.setattr("api.scan_door.time.monotonic", lambda: now[0])
    return now


QUERIES = ["", "?lang=zh", "?lang=en", "?view=elder", "?lang=zh&view=elder", "?lang=en&view=elder"]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("place_of_code", [0, 7])
def test_the_door_says_what_the_common_way_says(
    client: TestClient, city: SmallCity, query: str, place_of_code: int
) -> None:
    address = f"/s/{city.codes[place_of_code]}{query}"
    for _ in range(2):  # drawn, then kept
        ours, common = client.head(address, headers=PLAIN), client.head(address, headers=COMMON)
        assert ours.headers["content-length"] == common.headers["content-length"]
    ours, common = client.get(address, headers=PLAIN), client.get(address, headers=COMMON)
    assert ours.content == common.content
    assert ours.headers["vary"] == f"{common.headers['vary']}, Accept-Encoding"
    differing = {"x-request-id", "etag", "vary"}
    named = [{k: v for k, v in each.headers.items() if k not in differing} for each in (ours, common)]
    assert named[0] == named[1]


@pytest.mark.parametrize("query", QUERIES)
def test_a_guess_is_told_what_the_common_way_tells(station: Station, client: TestClient, query: str) -> None:
    unissued = encode(2**40, station.code_keys)
    ours, common = (client.get(f"/s/{unissued}{query}", headers=headers) for headers in ({}, COMMON))
    assert (ours.status_code, ours.content) == (common.status_code, common.content) == (404, common.content)


@pytest.mark.parametrize("query", QUERIES)
def test_a_page_in_gzip_is_the_same_page_under_another_tag(
    client: TestClient, city: SmallCity, query: str
) -> None:
    address = f"/s/{city.codes[2]}{query}"
    packed = {"Accept-Encoding": "br, gzip"}
    for _ in range(2):
        plain, ours = client.get(address, headers=PLAIN), client.get(address, headers=packed)
        assert (plain.headers.get("content-encoding"), ours.headers["content-encoding"]) == (None, "gzip")
        assert ours.content == plain.content
        assert ours.headers["etag"] != plain.headers["etag"]
        assert int(ours.headers["content-length"]) * 2 < len(plain.content)
    for coding, first in ((PLAIN, plain), (packed, ours)):
        named = coding | {"If-None-Match": first.headers["etag"]}
        again = client.get(address, headers=named)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert client.get(address, headers=packed | {"If-None-Match": plain.headers["etag"]}).status_code == 200


@pytest.mark.parametrize("refused", ["gzip;q=0", "identity", "br", "gzip;q=0.000, deflate"])
def test_who_takes_no_gzip_gets_none(client: TestClient, city: SmallCity, refused: str) -> None:
    given = client.get(f"/s/{city.codes[2]}", headers={"Accept-Encoding": refused})
    assert "content-encoding" not in given.headers
    assert given.content.startswith(b"<!doctype html>")


@pytest.mark.parametrize("failing", ["kept_body", "scans"])
def test_what_fails_at_the_door_is_answered_on_the_common_way(
    station: Station, client: TestClient, city: SmallCity, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    _stopped(monkeypatch)  # no page is at hand
    if failing == "kept_body":
        monkeypatch.setattr("api.scan_door.kept_body", fail)
    else:
        client.get(f"/s/{city.codes[12]}")
        lookups = FileLookups if station.database.is_sqlite else ServerLookups
        monkeypatch.setattr(lookups, "scans", fail)
    told = client.get(f"/s/{city.codes[13]}")
    assert (told.status_code, city.codes[13] in told.text) == (200, True)
    assert "Accept-Encoding" not in told.headers["vary"]


def test_a_code_that_is_asked_for_again_and_again_is_read_before_its_answer_ends(
    client: TestClient, city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server is asked for it meanwhile; a row of a file is read faster than anybody could wait."""
    now = _stopped(monkeypatch)
    address, read = f"/s/{city.codes[16]}", Event()
    reading = ServerLookups.read

    async def noting(lookups: ServerLookups, serial: int) -> Reading:
        told = await reading(lookups, serial)
        read.set()
        return told

    async def failing(*_: object) -> Reading:
        raise RuntimeError

    client.get(address)
    monkeypatch.setattr(ServerLookups, "read", noting)
    now[0] += 0.35
    client.get(address)
    now[0] += 0.06  # the loop goes by the same clock
    read.wait(1)
    time.sleep(0.05)  # until the page that was read is kept
    monkeypatch.setattr(ServerLookups, "read", failing)
    now[0] += 0.15
    assert "Accept-Encoding" in client.get(address).headers["vary"]


def test_a_crowd_at_a_new_page_has_it_drawn_once(
    station: Station, client: TestClient, city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def counting(*asked: object) -> object:
        drawn.append(str(asked[1]))
        time.sleep(0.05)  # the others come meanwhile
        return drawn_body(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr("api.scan_door.drawn_body", counting)
    station.cache.clear()
    with ThreadPoolExecutor(8) as crowd:
        told = list(crowd.map(lambda code: client.get(f"/s/{code}?lang=en"), city.codes[:8]))
    assert {each.status_code for each in told} == {200}
    assert len(drawn) < 8


def test_a_hold_by_another_process_shows_within_half_a_second(
    station: Station, client: TestClient, city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker's commit is not among this one's: only time, or a new reading, can show it."""
    now = _stopped(monkeypatch)
    address = f"/s/{city.codes[14]}"
    assert FROZEN not in client.get(address).text
    commits = station.database.commits
    hold = _hold(station, HoldKind.CODE, city.codes[14])
    station.database.commits = commits
    now[0] += 0.51
    assert FROZEN in client.get(address).text
    station.database.note_change()
    _lift(station, hold)


def test_a_page_of_an_older_reading_is_not_kept_beside_a_newer_one(
    station: Station, client: TestClient, city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One reader's drawing takes longer than another worker's freeze, which a second sees meanwhile."""
    now = _stopped(monkeypatch)
    code, started, go_on = city.codes[15], Event(), Event()

    def slow(*asked: object) -> object:
        drawn = drawn_body(*asked)  # type: ignore[arg-type]
        started.set()
        go_on.wait(10)
        return drawn

    station.cache.clear()
    with ThreadPoolExecutor(1) as reader:
        monkeypatch.setattr("api.scan_door.drawn_body", slow)
        older = reader.submit(client.get, f"/s/{code}?lang=zh")
        assert started.wait(10)
        monkeypatch.setattr("api.scan_door.drawn_body", drawn_body)
        commits = station.database.commits
        hold = _hold(station, HoldKind.CODE, code)
        station.database.commits = commits
        now[0] += 0.1
        assert FROZEN in client.get(f"/s/{code}?lang=en").text
        go_on.set()
        assert FROZEN not in older.result(10).text
    assert FROZEN in client.get(f"/s/{code}?lang=zh").text
    station.database.note_change()
    _lift(station, hold)


def test_the_language_a_reader_likes_is_never_anothers(client: TestClient, city: SmallCity) -> None:
    address = f"/s/{city.codes[3]}"
    told = [
        re.findall(r'<html lang="([^"]+)"', client.get(address, headers={"Accept-Language": liked}).text)
        for liked in ("zh-CN", "en", "zh-CN", "en-GB, zh;q=0.5", "de")
    ]
    assert told == [["zh-CN"], ["en"], ["zh-CN"], ["en"], ["zh-CN"]]


def test_a_known_page_is_answered_with_304_until_a_hold(
    station: Station, client: TestClient, city: SmallCity
) -> None:
    address = f"/s/{city.codes[4]}"
    tag = client.get(address).headers["etag"]
    again = client.get(address, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    hold = _hold(station, HoldKind.CODE, city.codes[4])
    changed = client.get(address, headers={"If-None-Match": tag})
    assert (changed.status_code, FROZEN in changed.text) == (200, True)
    _lift(station, hold)


@pytest.mark.parametrize("kind", [HoldKind.LOT, HoldKind.CODE])
def test_the_first_page_after_a_hold_says_so_and_the_first_after_its_lifting_no_more(
    station: Station, client: TestClient, city: SmallCity, kind: HoldKind
) -> None:
    code = city.codes[5]
    for _ in range(3):
        before = client.get(f"/s/{code}").text
        assert FROZEN not in before
        hold = _hold(station, kind, "YP-1" if kind is HoldKind.LOT else code)
        assert FROZEN in client.get(f"/s/{code}").text
        neighbour = FROZEN in client.get(f"/s/{city.codes[6]}").text
        assert neighbour is (kind is HoldKind.LOT)
        _lift(station, hold)
        assert FROZEN not in client.get(f"/s/{code}").text


def test_two_codes_on_hold_each_tell_their_own_reason(
    station: Station, client: TestClient, city: SmallCity
) -> None:
    reasons = {city.codes[17]: "封签破损", city.codes[18]: "重量不符"}
    holds = [
        place(station, HoldNew(kind=HoldKind.CODE, target=code, reason=reason), PERSON).hold_id
        for code, reason in reasons.items()
    ]
    for _ in range(2):  # drawn, then kept
        for code, reason in reasons.items():
            text = client.get(f"/s/{code}").text
            assert [each for each in reasons.values() if each in text] == [reason]
    for hold in holds:
        _lift(station, hold)


def test_pages_of_neighbours_differ_in_their_own_alone(client: TestClient, city: SmallCity) -> None:
    first, second = city.codes[8], city.codes[9]
    pages = [client.get(f"/s/{code}").text for code in (first, second)]
    assert first not in pages[1]
    assert second not in pages[0]
    assert "UUUU" not in pages[0]
    assert pages[0].replace(first, second).replace(_printed(first), _printed(second)) == pages[1]


def test_a_scan_that_was_written_shows_within_half_a_second(
    station: Station, client: TestClient, city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = _stopped(monkeypatch)
    address = f"/s/{city.codes[10]}"
    first = client.get(address).headers["etag"]
    station.scans.flush()
    now[0] += 0.51
    assert client.get(address).headers["etag"] != first
    station.database.note_change()


def test_scans_that_make_a_code_look_copied_show_on_the_next_page(
    station: Station, client: TestClient, city: SmallCity
) -> None:
    address, serial = f"/s/{city.codes[19]}", decode(city.codes[19], station.code_keys)
    assert DOUBTFUL not in client.get(address).text
    for phone in range(5):
        station.scans.add((serial, NOW_MS, None, f"phone-{phone}", f"home-{phone}"))
    station.scans.flush()
    assert DOUBTFUL in client.get(address).text


def test_no_statement_waits_for_scans_and_no_page_is_read_anew_for_them(
    station: Station, client: TestClient, city: SmallCity
) -> None:
    client.get(f"/s/{city.codes[16]}")
    station.settle()
    commits = station.database.commits
    station.scans.flush()
    station.settle()
    assert station.database.commits == commits
    _lift(station, _hold(station, HoldKind.CODE, city.codes[16]))
    assert station.database.commits > commits


def test_a_head_is_no_scan(station: Station, client: TestClient, city: SmallCity) -> None:
    address = f"/s/{city.codes[11]}"
    first = client.head(address).headers["etag"]
    station.scans.flush()
    assert client.head(address).headers["etag"] == first


def test_what_is_kept_stays_within_its_bytes(
    station: Station, client: TestClient, city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station, "cache", BodyCache(50_000))
    monkeypatch.setattr(station, "settings", replace_bytes(station, 50_000))
    for code in city.codes[:8]:
        for query in QUERIES:
            assert client.get(f"/s/{code}{query}").status_code == 200
            assert station.cache.used_bytes <= 50_000


def test_no_pin_and_no_form_is_kept(station: Station, client: TestClient, city: SmallCity) -> None:
    station.cache.clear()
    for part in ("pin", "complain"):
        assert client.get(f"/s/{city.codes[12]}/{part}").status_code == 200
    assert client.post(f"/s/{city.codes[12]}/pin", data={"pin": "12345678"}).status_code == 200
    assert station.cache.used_bytes == 0


def replace_bytes(station: Station, cache_bytes: int) -> object:
    return station.settings.model_copy(update={"cache_bytes": cache_bytes})


def _printed(code: str) -> str:
    return "-".join(code[start : start + 5] for start in range(0, 20, 5))
