"""Attacks on the warnings: to flood them, to silence them, to read what is hidden."""

from collections.abc import Callable

from starlette.testclient import TestClient

from api import warning_work
from api.station import Station
from ledger import log
from priceindex.warning.alerts.happenings import Happening
from priceindex.warning.hysteresis import State
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.test_warning_routes import bearing, hidden
from tests.api.warned_station import opened, publish_risen
from tests.attacks.test_http_callers import ANY_SCOPE
from tests.priceindex.small_market import SmallMarket
from tests.priceindex.warning.alerts.seen import Watcher, seen


def test_a_source_that_makes_five_hundred_warnings_has_five_told_and_is_named_first(
    sqlite_market: SmallMarket,
) -> None:
    watcher = Watcher(sqlite_market)
    flood = [seen(f"herb {place}", parent=f"class {place}") for place in range(499)]
    source = seen("flooder", rule="source-dominance", level="source", parent=None)
    happened = watcher.look(*flood, source)
    assert len(happened[Happening.OPENED]) == 500
    assert happened[Happening.TOLD][0].key.node == "flooder"
    assert len(happened[Happening.TOLD]) == 5
    sqlite_market.settle()
    with sqlite_market.read() as session:
        stated = len(log.history(session, "warning/bozhou")) + len(log.history(session, "warning/regulator"))
    assert stated == 5


def test_a_flood_cannot_push_a_crisis_of_a_listed_herb_out(sqlite_market: SmallMarket) -> None:
    watcher = Watcher(sqlite_market)
    flood = [seen(f"herb {place}", State.CRISIS, parent=None, beyond=99.0) for place in range(200)]
    told = watcher.look(*flood, seen("连翘", parent=None, listed=True))[Happening.TOLD]
    assert told[0].key.node == "连翘"


@ON_BOTH_DATABASES
def test_nobody_without_the_scope_silences_a_warning(
    station: Station, client: TestClient, token_with: Callable[..., str]
) -> None:
    publish_risen(station)
    warning_work.watch_family(station, "bozhou")
    one = opened(station, "growth-up")[0].warning_id
    others = [scope for scope in ANY_SCOPE.split() if scope != "warnings:decide"]
    for act in ({"act": "close", "reason": "other", "words": "never mind"}, {"act": "acknowledge"}):
        answer = client.post(f"/v1/warnings/{one}/decisions", json=act, headers=bearing(token_with(*others)))
        assert answer.status_code == 403
    assert next(each for each in opened(station) if each.warning_id == one).acknowledged_ms is None


def test_whether_a_hidden_warning_exists_cannot_be_told_from_the_answers(
    station: Station, client: TestClient
) -> None:
    there, absent = hidden(station), f"warning-{'0' * 32}"
    answers = [client.get(f"/v1/warnings/{one}?lang=en") for one in (there, absent)]
    assert {each.status_code for each in answers} == {404}
    said = [each.text.replace(there, "ID").replace(absent, "ID") for each in answers]
    assert said[0].partition('"instance"')[0] == said[1].partition('"instance"')[0]


def test_closing_a_warning_does_not_keep_a_worse_one_from_opening(sqlite_market: SmallMarket) -> None:
    from tests.priceindex.warning.alerts.test_warning_life import CLOSE, decided

    watcher = Watcher(sqlite_market)
    [one] = watcher.look(seen(parent=None))[Happening.TOLD]
    decided(watcher, one, **CLOSE)
    assert watcher.look(seen(parent=None)) == {}
    assert watcher.look(seen(state=State.CRISIS, parent=None))[Happening.OPENED]
