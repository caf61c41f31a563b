"""How long something lasts or waits, as people say it: hours up to three days, then days and hours."""

from typing import Final

from api.web.formats import Formats
from api.web.words import Words

_HOUR_MS: Final = 3_600_000
_IN_HOURS: Final = 72
"""The longest limit the law counts in hours (召回三级：72 小时); what is longer is said in days."""


def span_words(between_ms: int, words: Words) -> str:
    """Say a stretch of time, rounded down to whole hours.

    >>> from api.web.words import words_in
    >>> [span_words(hours * 3_600_000, words_in("zh")) for hours in (0, 72, 73, 96, 6140)]
    ['0 小时', '72 小时', '3 天 1 小时', '4 天', '255 天 20 小时']
    """
    hours = max(0, between_ms) // _HOUR_MS
    formats = Formats(words.language)
    if hours <= _IN_HOURS:
        return words("desk.hours", hours=formats.number(hours))
    days, rest = divmod(hours, 24)
    if not rest:
        return words("desk.days", days=formats.number(days))
    return words("desk.days_and_hours", days=formats.number(days), hours=formats.number(rest))
