"""The warning pages: public rules alone for the public, words beside every colour, a desk that decides."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.station import Station
from api.tokens import issue_token, parse_scopes
from api.warning_work import watch_family
from api.web.formats import Formats
from api.web.warning_words import band_name, band_rows
from api.web.words import words_in
from priceindex import service
from priceindex.classification import Level
from priceindex.warning.alerts.warning_store import Asking, history, open_warnings, warning
from priceindex.warning.alerts.warning_tables import WarningWatchRow
from priceindex.warning.hysteresis import State
from tests.api.forecast_city import ForecastCity, forecast_city, last_value
from tests.api.warning_city import sighting, warn

Warned = tuple[ForecastCity, dict[str, str]]
"""The city and the ids of its open warnings by rule."""
HIDDEN = "某某药材信息网"
RISE, FALL, HIDDEN_RULE = "三个月涨幅", "三个月跌幅", "单一来源主导"


def open_some(city: ForecastCity) -> dict[str, str]:
    """A rise, a fall and what only regulators see; their ids by rule."""
    sources = {"sources": [{"source": HIDDEN, "share": "0.75"}]}
    alert, day = State.ALERT, city.now
    rise = sighting("growth-up", State.CRISIS, day, score=0.45)
    fall = sighting("growth-down", alert, day, node="当归")
    hidden = sighting(
        "source-dominance", alert, day, level="source", node=HIDDEN, private=sources, score=0.75
    )
    warn(city.station, [rise, fall, hidden])
    with city.station.database.read() as session:
        return {each.key.rule: each.warning_id for each in open_warnings(session, Asking(regulator=True))}


@pytest.fixture
def city(tmp_path: Path) -> Iterator[ForecastCity]:
    with forecast_city(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warned]:
    """A city with three open warnings, read by many tests and changed by none."""
    with forecast_city(tmp_path_factory.mktemp("warned")) as made:
        yield made, open_some(made)


def token(station: Station, *scopes: str) -> str:
    return station.writer.submit(
        lambda session: issue_token(
            session,
            name="值班员老王",
            scopes=parse_scopes(scopes),
            party=None,
            created_ms=station.clock(),
            expires_ms=None,
            randomness=station.randomness,
        )
    )


def test_before_any_release_nothing_was_looked_at_and_that_is_no_good_news(client: TestClient) -> None:
    told = client.get("/warnings?lang=zh")
    assert told.status_code == 200
    assert "这不等于没有异常" in told.text
    assert "verdict good" not in told.text


def test_nothing_open_is_a_good_state_that_says_so(city: ForecastCity) -> None:
    watch_family(city.station, "bozhou")
    told = city.client.get("/warnings?lang=zh").text
    assert re.search(r'class="verdict good">\s*<h2>今天没有预警', told)


def test_the_public_list_has_public_rules_alone_the_worst_first(
    warned: Warned,
) -> None:
    told = warned[0].client.get("/warnings?lang=zh").text
    assert told.index(">白芍<") < told.index(">当归<")
    for kept in (HIDDEN, HIDDEN_RULE, warned[1]["source-dominance"]):
        assert kept not in told


def test_each_line_of_the_list_has_its_score_in_the_unit_of_the_rule_and_its_day(warned: Warned) -> None:
    city, _ = warned
    day = Formats("zh").day(city.now)
    told = city.client.get("/warnings?lang=zh").text
    assert f"{RISE} 45.0 %（{day}）" in told
    assert f"{FALL} 25.0 %（{day}）" in told


def test_an_old_warning_says_how_it_stands_today(city: ForecastCity) -> None:
    opened = city.now
    rise = open_some(city)["growth-up"]
    city.reach(opened + timedelta(days=60))
    assert "规则最近一次查看" not in city.client.get(f"/warnings/{rise}?lang=zh").text
    with city.station.database.read() as session:
        release = service.latest(session, "bozhou", public_at_ms=city.clock())
    assert release is not None
    looked = WarningWatchRow(
        release_id=release.release_id, rules_sha256="0" * 64, day=1, watched_ms=city.clock(), outcome="{}"
    )
    city.station.writer.submit(lambda session: session.add(looked))
    told = city.client.get(f"/warnings/{rise}?lang=zh").text
    value = last_value(city.station, release, Level.HERB, "白芍", city.clock())
    assert f"时仍为“严重”。下面的图和数字以 {Formats('zh').day(opened)} 为准" in told
    assert f"指数现为 {value:,.2f} 点（{Formats('zh').day(city.now)}）" in told


def test_every_state_has_its_word_beside_its_colour(warned: Warned) -> None:
    told = warned[0].client.get("/warnings?lang=zh").text
    assert '<span class="state-badge">严重 · 红色预警</span>' in told
    assert '<span class="state-badge">预警 · 蓝色预警</span>' in told
    for band, name in band_rows("zh"):
        assert f'class="band-{band.word}"' in told
        assert name in told


def test_bands_have_the_names_the_rules_give_them() -> None:
    for band, _ in band_rows("zh"):
        assert words_in("zh")(f"warning.band_{band.word}") == band_name(band, "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_evidence_says_what_was_seen_with_every_bound_and_number(warned: Warned, language: str) -> None:
    city, ids = warned
    told = city.client.get(f"/warnings/{ids['growth-up']}?lang={language}").text
    for shown in ("45.0 %", "1250", "unheard_of", "1,450.00", ids["growth-up"]):
        assert shown in told
    assert told.count('<svg class="chart') == 4
    [receipt] = set(re.findall(r'href="(/v1/receipts/[^"]+)"', told))
    assert city.client.get(receipt.replace("&amp;", "&")).status_code == 200


def test_the_table_twin_of_the_charts_has_every_period(warned: Warned) -> None:
    city, ids = warned
    told = city.client.get(f"/warnings/{ids['growth-up']}?lang=zh").text
    assert told.count('<tr><th scope="row">20') == 40


def test_a_warning_the_public_may_not_see_is_not_found(warned: Warned) -> None:
    city, ids = warned
    hidden = city.client.get(f"/warnings/{ids['source-dominance']}?lang=zh")
    nothing = city.client.get(f"/warnings/warning-{'0' * 32}?lang=zh")
    assert hidden.status_code == nothing.status_code == 404
    assert HIDDEN not in hidden.text
    assert city.client.get("/warnings/" + "x" * 5000).status_code == 404


def test_the_desk_shows_nothing_without_a_token(warned: Warned) -> None:
    client = warned[0].client
    assert HIDDEN_RULE not in client.get("/desk/warnings?lang=zh").text
    refused = client.post("/desk/warnings?lang=zh", data={"act": "look"})
    assert refused.status_code == 422
    assert HIDDEN_RULE not in refused.text


def test_a_token_of_another_scope_sees_nothing(warned: Warned) -> None:
    city, _ = warned
    held = token(city.station, "quotes:decide")
    refused = city.client.post("/desk/warnings?lang=zh", data={"act": "look", "token": held})
    assert refused.status_code == 422
    assert HIDDEN_RULE not in refused.text


def test_who_may_read_sees_the_hidden_rules_and_sources_but_decides_nothing(
    warned: Warned,
) -> None:
    city, ids = warned
    held = token(city.station, "warnings:read")
    form = {"token": held, "warning": ids["source-dominance"], "act": "look"}
    told = city.client.post("/desk/warnings?lang=zh", data=form)
    assert told.status_code == 200
    assert HIDDEN in told.text
    assert "来源 " in told.text
    assert "0.75" in told.text
    assert held not in told.text
    refused = city.client.post("/desk/warnings?lang=zh", data=form | {"act": "acknowledge"})
    assert refused.status_code == 422


def decide(city: ForecastCity, held: str, warning_id: str, **form: str) -> tuple[int, str]:
    sent = {"token": held, "warning": warning_id, **form}
    answer = city.client.post("/desk/warnings?lang=zh", data=sent)
    city.station.settle()
    return answer.status_code, answer.text


def test_acknowledge_snooze_explain_close_and_undo(city: ForecastCity) -> None:
    ids = open_some(city)
    held, rise = token(city.station, "warnings:decide"), ids["growth-up"]
    until = (city.now + timedelta(days=5)).isoformat()
    steps = (
        {"act": "acknowledge"},
        {"act": "snooze", "until": until},
        {"act": "explain", "words": "产区连雨，上市推迟"},
        {"act": "close", "reason": "true", "words": "核实属实"},
    )
    for form in steps:
        assert decide(city, held, rise, **form)[0] == 200
    told = city.client.get(f"/warnings/{rise}?lang=zh").text
    for shown in (
        "签收",
        "暂缓",
        "产区连雨，上市推迟",
        "核实属实",
        "情况属实",
        "1 条有结论的预警中属实 100.0 %",
        "已于",
    ):
        assert shown in told
    assert "值班员老王" not in told
    assert "值班员老王" in decide(city, held, rise, act="look")[1]
    assert decide(city, held, rise, act="reopen", words="关错了")[0] == 200
    with city.station.database.read() as session:
        assert warning(session, rise, regulator=False).open
        kinds = [str(each.event.kind) for each in history(session, rise)][2:]
    assert kinds == ["acknowledged", "snoozed", "explained", "closed", "reopened"]


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
    ],
)
def test_a_decision_that_is_not_whole_changes_nothing(warned: Warned, form: dict[str, str]) -> None:
    city, ids = warned
    status, told = decide(city, token(city.station, "warnings:decide"), ids["growth-down"], **form)
    assert status == 422
    assert "未能办理" in told
    with city.station.database.read() as session:
        assert len(history(session, ids["growth-down"])) == 2


def boxes_of(told: str) -> tuple[list[str], str, str, str]:
    """The warnings that can be chosen, the one chosen, the words and the day of the form."""
    listed = re.findall(r'type="radio" name="warning" value="([^"]+)"', told)
    chosen = "".join(re.findall(r'type="radio" name="warning" value="([^"]+)" checked', told))
    words = "".join(re.findall(r'<textarea id="words"[^>]*>([^<]*)</textarea>', told))
    return listed, chosen, words, "".join(re.findall(r'id="until" name="until" value="([^"]*)"', told))


def test_a_refusal_keeps_the_list_the_choice_the_words_the_reason_and_the_day(warned: Warned) -> None:
    city, ids = warned
    held = token(city.station, "warnings:decide")
    typed = {"words": "核实中", "reason": "policy", "until": "2199-01-01"}
    status, told = decide(city, held, "", act="close", **typed)
    assert status == 422
    assert "先选一条预警" in told
    listed, chosen, words, until = boxes_of(told)
    assert set(listed) == set(ids.values())
    assert (chosen, words, until) == ("", "核实中", "2199-01-01")
    assert '<option value="policy" selected>' in told
    status, told = decide(city, held, ids["growth-down"], act="snooze", **typed)
    assert status == 422
    assert boxes_of(told) == (listed, ids["growth-down"], "核实中", "2199-01-01")
    assert held not in told


def test_what_was_decided_leaves_an_empty_form(city: ForecastCity) -> None:
    ids = open_some(city)
    held = token(city.station, "warnings:decide")
    told = decide(city, held, ids["growth-up"], act="explain", words="产区连雨")[1]
    assert boxes_of(told)[1:] == (ids["growth-up"], "", "")


def test_without_a_list_there_is_nothing_but_the_token_and_what_was_typed_waits(warned: Warned) -> None:
    client, ids = warned[0].client, warned[1]
    first = client.get("/desk/warnings?lang=zh").text
    assert re.findall(r'name="act" value="(\w+)"', first) == ["look"]
    assert "<textarea" not in first
    form = {"act": "close", "token": "wrong", "warning": ids["growth-up"], "words": "核实", "reason": "true"}
    refused = client.post("/desk/warnings?lang=zh", data=form)
    assert re.findall(r'name="act" value="(\w+)"', refused.text) == ["look"]
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', refused.text))
    assert {name: kept[name] for name in ("warning", "words", "reason")} == {
        name: form[name] for name in ("warning", "words", "reason")
    }
    assert "token" not in kept


def test_nothing_chosen_is_told(warned: Warned) -> None:
    city, _ = warned
    held = token(city.station, "warnings:decide")
    for chosen in ("", "warning-none", "<b>"):
        status, told = decide(city, held, chosen, act="acknowledge")
        assert status == 422
        assert "<b>" not in told


@pytest.mark.parametrize("path", ["/warnings", "/desk/warnings"])
@pytest.mark.parametrize("query", ["?lang=zh", "?lang=en&view=elder"])
def test_every_page_stands_in_both_languages_and_views(warned: Warned, path: str, query: str) -> None:
    assert warned[0].client.get(path + query).status_code == 200
