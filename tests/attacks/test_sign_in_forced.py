"""Whoever wants in without being let in: guessing, replaying, planting and outliving sign-ins."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from httpx2 import Response
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.testclient import TestClient

from api.accounts import administering, lockout, second_factor, sessions, signing_in
from api.accounts.account_errors import FactorCodeWrong, SignInLocked, SignInRefused
from api.accounts.accounts import AccountNew
from api.accounts.passwords import Passwords
from api.accounts.roles import AccountRole
from api.accounts.sessions import SignedIn, Stage
from api.accounts.signing_in import Browser
from api.app import create_app
from api.routes import sign_in
from api.station import Station
from tests.api.accounts_of import FAST, PASSWORD, Somebody, signed_in, somebody
from tests.api.conftest import HOST, NOW_MS, ON_BOTH_DATABASES
from tests.trace.season import MAKER

HERE = Browser("192.0.2.1", "trial")
STEP_MS = 30_000


@pytest.fixture
def open_station(station: Station) -> Station:
    """The station, with passwords that are cheap to hash."""
    station.people = replace(station.people, passwords=FAST)
    return station


@pytest.fixture
def pages(open_station: Station) -> TestClient:
    return TestClient(create_app(open_station, [sign_in.router]), base_url=f"https://{HOST}")


def _later(station: Station, ms: int) -> None:
    now = station.clock() + ms
    station.clock = lambda: now


def _tries(station: Station, name: str, times: int, browser: Browser = HERE) -> list[str]:
    said = []
    for _ in range(times):
        try:
            signing_in.with_password(station, name, "not the password", browser)
        except (SignInRefused, SignInLocked) as error:
            said.append(error.key())
    return said


@ON_BOTH_DATABASES
def test_no_other_spelling_of_a_name_has_guesses_of_its_own(open_station: Station) -> None:
    somebody(open_station, "clerk", name="li.wei", party=MAKER)
    spellings = ("li.wei", "LI.WEI", " li.wei ", "ｌｉ.ｗｅｉ", "li.\u200bwei", "l i.wei")
    said = [word for name in spellings for word in _tries(open_station, name, 1)]
    assert said == ["sign-in-refused"] * 5 + ["sign-in-locked"]
    with pytest.raises(SignInLocked):
        signing_in.with_password(open_station, "li.wei", PASSWORD, Browser("198.51.100.9", "other"))


def test_a_lock_lasts_twice_as_long_each_time_and_ends(open_station: Station) -> None:
    somebody(open_station, "clerk", name="li.wei", party=MAKER)
    waits = []
    for _ in range(3):
        _tries(open_station, "li.wei", 5, Browser(f"203.0.113.{len(waits)}", ""))
        with pytest.raises(SignInLocked) as caught:
            signing_in.with_password(open_station, "li.wei", PASSWORD, Browser("198.51.100.9", ""))
        waits.append(caught.value.parts["minutes"])
        _later(open_station, waits[-1] * 60_000)
    assert waits == [15, 30, 60]
    assert signing_in.with_password(open_station, "li.wei", PASSWORD, Browser("198.51.100.9", ""))


def test_one_address_does_not_try_one_password_on_many_names(open_station: Station) -> None:
    said = [word for number in range(22) for word in _tries(open_station, f"person-{number}", 1)]
    assert said == ["sign-in-refused"] * 20 + ["sign-in-locked"] * 2
    neighbour = Browser("192.0.2.2", "trial")
    assert _tries(open_station, "person-30", 1, neighbour) == ["sign-in-refused"]


@ON_BOTH_DATABASES
def test_guesses_made_at_once_are_counted_each(open_station: Station) -> None:
    """Two workers count in one statement each: neither overwrites what the other counted."""
    somebody(open_station, "clerk", name="li.wei", party=MAKER)
    with ThreadPoolExecutor(8) as pool:
        said = [
            word for words in pool.map(lambda n: _tries(open_station, "li.wei", n), [2] * 8) for word in words
        ]
    assert said.count("sign-in-refused") == 5
    assert said.count("sign-in-locked") == 11


@ON_BOTH_DATABASES
def test_two_workers_lose_no_count(open_station: Station) -> None:
    counters = signing_in.counters_of(open_station, "li.wei", "192.0.2.1")

    def one(_: int) -> int | None:
        with open_station.database.write() as session:
            return lockout.charge(session, counters[1:], NOW_MS)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(one, range(12)))
    assert outcomes.count(None) == 5
    assert {each for each in outcomes if each is not None} == {NOW_MS + lockout.WINDOW_MS}


def test_nobody_learns_which_names_exist(pages: TestClient, open_station: Station) -> None:
    somebody(open_station, "clerk", name="li.wei", party=MAKER)
    locked = somebody(open_station, "clerk", name="locked.one", party=MAKER)
    administering.lock(open_station, locked.account_id)
    viewer = frozenset({AccountRole.VIEWER})
    administering.add(open_station, AccountNew(name="invited.one", shown="Some Body", roles=viewer))
    told = set()
    for name in ("li.wei", "no.body", "locked.one", "invited.one"):
        answer = _send(pages, "/sign-in", name=name, password="wrong password !")
        told.add((answer.status_code, answer.text.replace(name, "")))
    assert len(told) == 1
    for name in ("li.wei", "no.body"):
        _tries(open_station, name, 5, Browser("198.51.100.1", ""))
    locks = {
        _send(pages, "/sign-in", name=n, password=PASSWORD).text.replace(n, "") for n in ("li.wei", "no.body")
    }
    assert len(locks) == 1


class Watched(Argon2Hasher):
    """Keeps the parameters of every hash it was asked to compare with."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.seen: list[str] = []

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002  as pwdlib names it
        self.seen.append(str(hash).split("$")[3])
        return super().verify(password, hash)


def test_a_name_that_does_not_exist_takes_the_same_work(station: Station) -> None:
    hasher = Watched()
    station.people = replace(station.people, passwords=Passwords(hasher))
    somebody(station, "clerk", name="li.wei", party=MAKER)
    _tries(station, "li.wei", 1)
    _tries(station, "no.body", 1)
    assert hasher.seen == ["m=64,t=1,p=1"] * 2


def test_a_code_that_was_used_opens_nothing_again(open_station: Station) -> None:
    publisher = somebody(open_station, "publisher", name="pub.one")
    code = second_factor.code_at(publisher.secret or b"", NOW_MS)
    first, second = (_waiting(open_station, publisher) for _ in range(2))
    assert signing_in.with_code(open_station, first, code, HERE)
    with pytest.raises(FactorCodeWrong):
        signing_in.with_code(open_station, second, code, HERE)
    earlier = second_factor.code_at(publisher.secret or b"", NOW_MS - STEP_MS)
    with pytest.raises(FactorCodeWrong):
        signing_in.with_code(open_station, second, earlier, HERE)


def test_who_knows_the_password_guesses_five_codes_and_no_more(open_station: Station) -> None:
    """A right password in between gives no new guesses."""
    publisher = somebody(open_station, "publisher", name="pub.one")
    said = []
    for number in range(8):
        try:
            signing_in.with_password(open_station, "pub.one", PASSWORD, HERE)
            signing_in.with_code(open_station, _waiting(open_station, publisher), f"{number:06}", HERE)
        except (FactorCodeWrong, SignInLocked) as error:
            said.append(error.key())
    assert said == ["factor-code-wrong"] * 5 + ["sign-in-locked"] * 3


def test_a_recovery_code_opens_once(open_station: Station) -> None:
    publisher = somebody(open_station, "publisher", name="pub.one")
    (code, *_) = open_station.writer.submit(
        lambda session: second_factor.new_recovery_codes(
            session, publisher.account_id, open_station.randomness
        )
    )
    assert signing_in.with_code(open_station, _waiting(open_station, publisher), code.lower(), HERE)
    with pytest.raises(FactorCodeWrong):
        signing_in.with_code(open_station, _waiting(open_station, publisher), code, HERE)


def _waiting(station: Station, who: Somebody) -> SignedIn:
    cookie = signed_in(station, who.account_id)
    with station.database.read() as session:
        found = sessions.find(session, cookie, station.clock(), station.people.lifetimes)
    assert found is not None
    assert found.stage is Stage.CODE
    return found


def _send(pages: TestClient, path: str, **typed: str) -> Response:
    return pages.post(path, data=typed, headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html"})
