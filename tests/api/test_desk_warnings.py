"""The warnings desk: readers see regulators' rules too, who decides is led on, nothing is done twice."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from api.tokens import issue_token, parse_scopes
from priceindex.warning.alerts.warning_store import history, warning
from tests.api.forecast_city import ForecastCity, forecast_city
from tests.api.test_warning_pages import HIDDEN, HIDDEN_RULE, open_some

Warned = tuple[ForecastCity, dict[str, str]]
OFFICER = "值班员老王"


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warned]:
    """A city with three open warnings, read by many tests and changed by none."""
    with forecast_city(tmp_path_factory.mktemp("desk")) as made:
        yield made, open_some(made)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[ForecastCity]:
    with forecast_city(tmp_path) as made:
        yield made


def bearer(city: ForecastCity, *scopes: str) -> dict[str, str]:
    held = city.station.writer.submit(
        lambda session: issue_token(
            session,
            name=OFFICER,
            scopes=parse_scopes(scopes),
            party=None,
            created_ms=city.station.clock(),
            expires_ms=None,
            randomness=city.station.randomness,
        )
    )
    return {"Authorization": f"Bearer {held}", "Accept": "text/html"}


def seen(city: ForecastCity, headers: dict[str, str], path: str) -> str:
    answer = city.client.get(f"{path}{'&' if '?' in path else '?'}lang=zh", headers=headers)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def decide(city: ForecastCity, headers: dict[str, str], warning_id: str, **form: str) -> tuple[int, str]:
    """Decide and return the answer and, where it led on, the page shown then."""
    path = f"/desk/warnings/{warning_id}?lang=zh"
    answer = city.client.post(path, data=form, headers=headers, follow_redirects=False)
    city.station.settle()
    if answer.status_code != 303:
        return answer.status_code, unescape(answer.text)
    return 303, unescape(city.client.get(answer.headers["location"], headers=headers).text)


def test_the_desk_shows_nothing_without_a_sign_in(warned: Warned) -> None:
    city, ids = warned
    for path in ("/desk/warnings", f"/desk/warnings/{ids['source-dominance']}"):
        away = city.client.get(path, headers={"Accept": "text/html"}, follow_redirects=False)
        assert (away.status_code, away.headers["location"].partition("?")[0]) == (303, "/sign-in")


def test_a_sign_in_of_another_scope_sees_nothing(warned: Warned) -> None:
    city, _ = warned
    refused = city.client.get("/desk/warnings?lang=zh", headers=bearer(city, "quotes:decide"))
    assert refused.status_code == 403
    assert HIDDEN_RULE not in refused.text


def test_who_may_read_sees_the_hidden_rules_and_sources_but_decides_nothing(warned: Warned) -> None:
    city, ids = warned
    reader = bearer(city, "warnings:read")
    assert HIDDEN_RULE in seen(city, reader, "/desk/warnings")
    told = seen(city, reader, f"/desk/warnings/{ids['source-dominance']}")
    for shown in (HIDDEN, "来源 ", "0.75", "没有处置预警的权限"):
        assert shown in told
    assert "<textarea" not in told
    assert decide(city, reader, ids["source-dominance"], act="acknowledge")[0] == 403


def test_acknowledge_snooze_explain_close_and_undo(city: ForecastCity) -> None:
    rise = open_some(city)["growth-up"]
    officer, until = bearer(city, "warnings:decide"), (city.now + timedelta(days=5)).isoformat()
    steps = (
        ({"act": "acknowledge"}, "已签收。"),
        ({"act": "snooze", "until": until}, "已暂缓。"),
        ({"act": "explain", "words": "产区连雨，上市推迟"}, "说明已写入。"),
        ({"act": "close", "reason": "true", "words": "核实属实"}, "已关闭。"),
    )
    for form, says in steps:
        status, told = decide(city, officer, rise, **form)
        assert (status, says in told) == (303, True)
    public = city.client.get(f"/warnings/{rise}?lang=zh").text
    for shown in ("产区连雨，上市推迟", "核实属实", "情况属实"):
        assert shown in public
    assert OFFICER not in public
    assert OFFICER in seen(city, officer, f"/desk/warnings/{rise}")
    assert decide(city, officer, rise, act="reopen", words="关错了")[0] == 303
    with city.station.database.read() as session:
        assert warning(session, rise, regulator=False).open
        kinds = [str(each.event.kind) for each in history(session, rise)][2:]
    assert kinds == ["acknowledged", "snoozed", "explained", "closed", "reopened"]


def test_who_acknowledges_again_is_told_so_and_nothing_is_stated(city: ForecastCity) -> None:
    rise, officer = open_some(city)["growth-up"], bearer(city, "warnings:decide")
    assert "已签收。" in decide(city, officer, rise, act="acknowledge")[1]
    with city.station.database.read() as session:
        before = len(history(session, rise))
    again = decide(city, bearer(city, "warnings:decide"), rise, act="acknowledge")
    assert "此前已经签收过" in again[1]
    with city.station.database.read() as session:
        assert len(history(session, rise)) == before


@pytest.mark.parametrize(
    "form",
    [
        {"act": "close", "words": "没有原因"},
        {"act": "close", "reason": "true"},
        {"act": "close", "reason": "bogus", "words": "理由不在表里"},
        {"act": "snooze"},
        {"act": "snooze", "until": "昨天"},
        {"act": "snooze", "until": "2199-01-01"},
        {"act": "explain", "words": "好"},
        {"act": "explain", "words": "看不见\u200b的字"},
        {"act": "reopen", "words": "没有关过"},
        {"act": "dance"},
        {},
    ],
)
def test_a_decision_that_is_not_whole_changes_nothing(warned: Warned, form: dict[str, str]) -> None:
    city, ids = warned
    status, told = decide(city, bearer(city, "warnings:decide"), ids["growth-down"], **form)
    assert status == 422
    assert "未能办理" in told
    with city.station.database.read() as session:
        assert len(history(session, ids["growth-down"])) == 2


def test_a_refusal_keeps_the_words_the_reason_and_the_day(warned: Warned) -> None:
    city, ids = warned
    typed = {"words": "核实中", "reason": "policy", "until": "2199-01-01"}
    told = decide(city, bearer(city, "warnings:decide"), ids["growth-down"], act="snooze", **typed)[1]
    assert "".join(re.findall(r'<textarea id="words"[^>]*>([^<]*)</textarea>', told)) == "核实中"
    assert '<option value="policy" selected>' in told
    assert 'id="until" name="until" value="2199-01-01"' in told


def test_the_list_is_paged_the_worst_first(warned: Warned, monkeypatch: pytest.MonkeyPatch) -> None:
    city, ids = warned
    monkeypatch.setattr("api.web.desk_asked.SHOWN", 2)
    officer = bearer(city, "warnings:read")
    first, second = seen(city, officer, "/desk/warnings"), seen(city, officer, "/desk/warnings?start=2")
    listed = [
        [name for name, named in ids.items() if f"/desk/warnings/{named}" in page] for page in (first, second)
    ]
    assert "growth-up" in listed[0]
    assert sorted(len(each) for each in listed) == [1, 2]
    assert not set(listed[0]) & set(listed[1])
    assert "生效的预警 3 条" in first


@pytest.mark.parametrize("named", ["warning-none", "x" * 90])
def test_a_warning_that_does_not_exist_is_not_found(warned: Warned, named: str) -> None:
    city, _ = warned
    officer = bearer(city, "warnings:decide")
    assert city.client.get(f"/desk/warnings/{named}", headers=officer).status_code == 404


@pytest.mark.parametrize("query", ["lang=zh", "lang=en&view=elder"])
def test_the_desk_stands_in_both_languages_and_views(warned: Warned, query: str) -> None:
    city, ids = warned
    for path in ("/desk/warnings", f"/desk/warnings/{ids['growth-up']}"):
        assert city.client.get(f"{path}?{query}", headers=bearer(city, "warnings:decide")).status_code == 200
