"""Collectors' forms: a form is as good as its signature, and the signature is over every word of it."""

from dataclasses import replace

import pytest

from ledger.errors import DaodiError
from ledger.keys import PublicKey, SigningKey
from priceindex.errors import EmptyBody
from priceindex.feeds.collectors_form import CollectorsForm
from priceindex.feeds.contract import Reading
from priceindex.feeds.feed_errors import FormNotSigned, MalformedForm
from priceindex.feeds.readers import counting_keys
from priceindex.feeds.shapes import read_body, shape_of
from priceindex.quotes import ReadResult, Tier
from tests.priceindex.feeds.bodies import raw, workbook
from tests.priceindex.small_market import KEY, KNOWN, SmallMarket, day

FORM = CollectorsForm(
    source="bozhou-market",
    point="康美中药城 A 区 12 号",
    collector="张三",
    market="亳州",
    day="2025-12-30",
    key="",
    quotes=(
        {"herb": "白芍", "grade": "统", "origin": "安徽", "price": "20-21", "unit": "元/市斤"},
        {"herb": "白芍", "grade": "选", "price": "面议"},
    ),
).signed_by(KEY)


def key_of(key_id: str) -> PublicKey:
    assert key_id == KEY.public.key_id
    return KEY.public


def read(content: bytes, **parts: object) -> ReadResult:
    reading = Reading(source="bozhou-market", known=KNOWN, keys=key_of)
    return read_body("collectors-form", raw(content), replace(reading, **parts))  # type: ignore[arg-type]


def as_sheet(form: CollectorsForm) -> list[list[str]]:
    """The same form as a person fills it in, its signature copied from the program."""
    labelled = [
        ["来源", form.source], ["采集点", form.point], ["采集人：", form.collector], ["市场", form.market],
        ["日期", form.day], ["公钥编号", form.key], ["签名", form.signature],
        ["药材", "规格等级", "产地", "单价", "单位"],
    ]  # fmt: skip
    names = ("herb", "grade", "origin", "price", "unit")
    return [*labelled, *([row.get(name, "") for name in names] for row in form.quotes)]


@pytest.mark.parametrize("content", [FORM.to_json(), workbook(as_sheet(FORM))], ids=["json", "xlsx"])
def test_a_signed_form_gives_quotes_that_know_their_point_and_their_collector(content: bytes) -> None:
    assert shape_of(raw(content)) == "collectors-form"
    result = read(content)
    [quote] = result.quotes
    assert (quote.cell, quote.day, quote.tier) == (
        ("白芍", "统", "安徽", "亳州"),
        day("2025-12-30"),
        Tier.MARKET,
    )
    assert (quote.low_fen_per_kg, quote.high_fen_per_kg) == (4000, 4200)
    assert (quote.collection_point, quote.collector) == (FORM.point, KEY.public.key_id)
    assert quote.rules == ()
    assert len(result.faults) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"point": "别处"},
        {"collector": "李四"},
        {"market": "安国"},
        {"day": "2025-12-29"},
        {"quotes": ({**FORM.quotes[0], "price": "30"},)},
        {"signature": ""},
        {"signature": "AAAA"},
        {"signature": "没有"},
        {"key": ""},
    ],
)
def test_a_form_changed_after_it_was_signed_is_refused_or_waits_as_the_source_says(
    change: dict[str, object],
) -> None:
    changed = replace(FORM, **change).to_json()  # type: ignore[arg-type]
    with pytest.raises(FormNotSigned):
        read(changed)
    waiting = read(changed, unsigned="quarantine").quotes
    assert {each.rules for each in waiting} == {("unsigned-form",)}
    assert {each.collector for each in waiting} <= {"张三", "李四"}


def test_another_keys_signature_does_not_hold() -> None:
    forged = replace(FORM.signed_by(SigningKey.from_seed(bytes(32))), key=FORM.key)
    with pytest.raises(FormNotSigned):
        read(forged.to_json())


def test_a_key_the_log_does_not_know_signs_nothing(sqlite_market: SmallMarket) -> None:
    stranger = FORM.signed_by(SigningKey.from_seed(bytes(32)))
    with sqlite_market.read() as session, pytest.raises(FormNotSigned):
        read(stranger.to_json(), keys=counting_keys(session))


def test_a_form_for_one_source_is_no_form_for_another() -> None:
    with pytest.raises(MalformedForm):
        read(FORM.to_json(), source="anguo-market")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"[]", MalformedForm),
        (FORM.to_json().replace(b"daodi.collectors-form/1", b"daodi.collectors-form/2"), MalformedForm),
        (FORM.to_json().replace(b'"collector":', b'"role":"x","collector":'), MalformedForm),
        (FORM.to_json().replace(b'"grade":', b'"colour":'), MalformedForm),
        (replace(FORM, point="").to_json(), MalformedForm),
        (replace(FORM, quotes=()).to_json(), EmptyBody),
        (FORM.to_json().replace(b'"market":"\xe4\xba\xb3\xe5\xb7\x9e"', b'"market":7'), FormNotSigned),
    ],
)
def test_a_form_that_is_not_whole_is_refused(content: bytes, kind: type[DaodiError]) -> None:
    with pytest.raises(kind):
        read(content)
