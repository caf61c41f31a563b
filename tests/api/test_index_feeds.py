"""Feeds: well-formed, absolute, newest first, in the reader's language; releases and notices."""

from datetime import date
from decimal import Decimal
from email.utils import parsedate_to_datetime

from defusedxml.ElementTree import fromstring

from api.publication.feed import Feed, FeedEntry, json_feed, rss
from api.web.notice_words import notice_words
from api.web.words import words_in
from priceindex.classification import Level
from priceindex.releases.notices import Notice
from tests.api.two_vintages import HOST, Published


def test_the_rss_feed_lists_the_releases_newest_first(published: Published) -> None:
    client, told = published
    answer = client.get("/index/feed.rss")
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    channel = fromstring(answer.content).find("channel")
    assert channel is not None
    entries = channel.findall("item")
    assert [each.findtext("link") for each in entries] == [
        f"https://{HOST}/index/{told.second}",
        f"https://{HOST}/index/{told.first}",
    ]
    dates = [parsedate_to_datetime(each.findtext("pubDate") or "") for each in entries]
    assert int(dates[0].timestamp() * 1000) == told.second_ms
    assert "950.00" in (entries[0].findtext("title") or "")
    assert len({each.findtext("guid") for each in entries}) == 2


def test_the_json_feed_says_the_same(published: Published) -> None:
    client, told = published
    feed = client.get("/index/feed.json").json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"https://{HOST}/index/feed.json"
    assert [each["url"] for each in feed["items"]] == [
        f"https://{HOST}/index/{told.second}",
        f"https://{HOST}/index/{told.first}",
    ]


def test_a_feed_has_a_language_a_family_and_an_etag(published: Published) -> None:
    client, _ = published
    english = client.get("/index/feed.rss", headers={"Accept-Language": "en"})
    assert "<language>en</language>" in english.text
    assert "指数" not in english.text
    assert client.get("/index/feed.rss?family=herbs").text.count("<item>") == 0
    assert client.get("/index/feed.rss?family=nowhere").status_code == 404
    again = client.get(
        "/index/feed.rss", headers={"If-None-Match": client.get("/index/feed.rss").headers["etag"]}
    )
    assert again.status_code == 304


def test_hostile_words_stay_words() -> None:
    hostile = (
        'x]]></description><script>alert(1)</script>&<!ENTITY a SYSTEM "file:///etc/passwd">\x00\x1b\ud800'
    )
    entry = FeedEntry(
        link="https://a.example/i", mark="https://a.example/i", title=hostile, text=hostile, kind="k", at_ms=0
    )
    feed = Feed(title=hostile, text="t", home="h", own="o", language="zh", entries=[entry])
    root = fromstring(rss(feed))
    assert root.findtext("channel/item/title") == hostile.translate({0: None, 0x1B: None, 0xD800: None})
    assert root.find(".//script") is None
    clean = FeedEntry(link="l", mark="l", title="</script>", text=hostile[:-1], kind="k", at_ms=0)
    assert b"date_published" in json_feed(
        Feed(title="t", text="t", home="h", own="o", language="en", entries=[clean])
    )


def notice(corrected: str | None) -> Notice:
    return Notice(
        notice_id="bozhou-n1",
        family="bozhou",
        release_id="bozhou-2025-06-30",
        level=Level.COMPOSITE,
        node="all",
        first_day=date(2025, 6, 25),
        last_day=date(2025, 6, 26),
        wrong=Decimal("950.0000"),
        corrected=None if corrected is None else Decimal(corrected),
        values_changed=1,
        reason="市斤当作公斤",
        at_ms=0,
        statement_id="index.notice:bozhou-n1",
    )


def test_a_notice_says_what_is_right_or_that_it_is_not_known_yet() -> None:
    open_one, settled = (
        notice_words(notice(None), words_in("zh")),
        notice_words(notice("1025"), words_in("zh")),
    )
    assert "尚未发布" in open_one
    assert "950.00" in open_one
    assert "更正为 1,025.00" in settled
    assert "1,025.00 is right" in notice_words(notice("1025"), words_in("en"))
