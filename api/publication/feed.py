"""Releases and correction notices as a feed: RSS 2.0 and JSON Feed 1.1, with absolute addresses.

Every text goes through an XML writer that escapes it; characters XML 1.0 does not allow are dropped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Final
from xml.etree import ElementTree as ET

import orjson

from api.languages import HTML_LANG
from api.publication.value_table import iso_moment
from api.web.formats import local
from ledger.errors import Language

RSS: Final = "application/rss+xml; charset=utf-8"
JSON_FEED: Final = "application/feed+json; charset=utf-8"
MOST: Final = 50
"""Entries of a feed."""
_FORBIDDEN: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATOM: Final = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One release or one notice."""

    link: str
    """Absolute address of its page."""
    mark: str
    """Absolute address that no other entry has: its identity."""
    title: str
    text: str
    kind: str
    """release or notice, in the reader's language."""
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed and what it says of itself."""

    title: str
    text: str
    home: str
    own: str
    """Its own address."""
    language: Language
    entries: Sequence[FeedEntry]
    """Newest first."""


def rss(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0."""
    ET.register_namespace("atom", _ATOM)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _said(channel, "title", feed.title)
    _said(channel, "link", feed.home)
    _said(channel, "description", feed.text)
    _said(channel, "language", HTML_LANG[feed.language])
    ET.SubElement(channel, f"{{{_ATOM}}}link", href=feed.own, rel="self", type="application/rss+xml")
    if feed.entries:
        _said(channel, "lastBuildDate", format_datetime(local(feed.entries[0].at_ms, 0)))
    for each in feed.entries:
        entry = ET.SubElement(channel, "item")
        _said(entry, "title", each.title)
        _said(entry, "link", each.link)
        _said(entry, "guid", each.mark).set("isPermaLink", "false")
        _said(entry, "pubDate", format_datetime(local(each.at_ms, 0)))
        _said(entry, "category", each.kind)
        _said(entry, "description", each.text)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed 1.1."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "description": feed.text,
            "home_page_url": feed.home,
            "feed_url": feed.own,
            "language": HTML_LANG[feed.language],
            "items": [
                {
                    "id": each.mark,
                    "url": each.link,
                    "title": each.title,
                    "content_text": each.text,
                    "date_published": iso_moment(each.at_ms),
                    "tags": [each.kind],
                }
                for each in feed.entries
            ],
        }
    )


def _said(parent: ET.Element, tag: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, tag)
    element.text = _FORBIDDEN.sub("", text)
    return element
