"""What a correction notice 更正公告 says, in one sentence: the same on pages, in feeds and in bulletins."""

from api.web.formats import Formats
from api.web.words import Words
from priceindex.releases.notices import Notice


def notice_words(notice: Notice, words: Words) -> str:
    """Say what was wrong, what is right where that is known, and why."""
    formats = Formats(words.language)
    told = {
        "days": _days(notice, words, formats),
        "wrong": "–" if notice.wrong is None else formats.index(notice.wrong),
        "reason": notice.reason,
    }
    if notice.corrected is None:
        return words("index.notice_open", **told)
    return words("index.notice", corrected=formats.index(notice.corrected), **told)


def _days(notice: Notice, words: Words, formats: Formats) -> str:
    """Name the one day, or the first and the last."""
    first, last = formats.day(notice.first_day), formats.day(notice.last_day)
    return first if first == last else words("index.notice_days", first=first, last=last)
