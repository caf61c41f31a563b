"""`daodi feeds` by a person at a keyboard."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stamina

from api.cli.app import run
from tests.api.feed_station import rows
from tests.priceindex.price_site import Source


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    """A price site inside, where this operator lets feeds go."""
    monkeypatch.setenv("DAODI_FEEDS_PRIVATE_ADDRESSES", "true")
    made = Source()
    with stamina.set_testing(True, attempts=2, cap=True):
        yield made
    made.close()


def test_a_feed_is_added_polled_listed_and_disabled(told: Callable[..., str], site: Source) -> None:
    assert "no feeds" not in told("feeds", "add", "fair", site.url, "--every", "30", "--set", "market=亳州")
    site.answers = [(200, {"content-type": "text/csv"}, rows(3))]
    assert "3 rows, 3 written" in told("feeds", "poll")
    listed = told("feeds", "list")
    assert "fair" in listed
    assert "enabled" in listed
    assert "secret" not in listed
    told("feeds", "disable", "fair")
    assert "disabled" in told("feeds", "list")
    told("feeds", "enable", "fair")


def test_a_feed_that_fails_says_why(told: Callable[..., str], site: Source) -> None:
    told("feeds", "add", "fair", site.url)
    site.answers = [(202, {"content-type": "text/html"}, b"<html>")]
    assert "no answer" in told("feeds", "poll", "fair")


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "fair", "ftp://prices.example.org/x"),
        ("add", "Fair", "https://prices.example.org/x"),
        ("add", "fair", "https://prices.example.org/x", "--shape", "verse"),
        ("add", "fair", "https://prices.example.org/x", "--set", "colour=red"),
        ("add", "fair", "https://prices.example.org/x", "--form", "pdf"),
        ("poll", "none"),
        ("disable", "none"),
        ("rate", "CNY", "2025-10-08", "1", "--source", "x"),
        ("rate", "USD", "2025-10-08", "free", "--source", "x"),
        ("rate", "USD", "2999-10-08", "7", "--source", "x"),
    ],
)
def test_what_cannot_be_set_up_is_refused_in_words(
    refused: Callable[..., str], arguments: tuple[str, ...]
) -> None:
    assert refused("feeds", *arguments)


def test_a_rate_is_entered(told: Callable[..., str]) -> None:
    assert "7.1055" in told("feeds", "rate", "USD", "2025-10-08", "7.1055", "--source", "CFETS")


def test_a_form_is_signed_offline(told: Callable[..., str], tmp_path: Path) -> None:
    key, form, signed = tmp_path / "key", tmp_path / "form.csv", tmp_path / "form.json"
    told("keys", "new", str(key), "--plain")
    form.write_text(
        "采集点,A 区\n采集人,张三\n市场,亳州\n日期,2025-10-08\n品名,规格,价格\n白芍,统,65\n", "utf-8"
    )
    told("feeds", "sign-form", str(form), "--key", str(key), "-o", str(signed), "--source", "fair")
    made = json.loads(signed.read_bytes())
    assert (made["source"], made["quotes"]) == ("fair", [{"grade": "统", "herb": "白芍", "price": "65"}])
    assert len(made["signature"]) == 88


def test_a_week_of_trades_is_taken_in_and_what_is_hidden_is_said(
    told: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "0 prices" in told("quotes", "from-trades", "--week", "2025-W40")
    assert run(["quotes", "from-trades", "--week", "2999-W01"]) != 0
    assert "2999-W01" in capsys.readouterr().err
