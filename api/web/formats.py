"""How numbers, masses, prices, days and times are written in each language.

Babel's rules for zh_CN and en_GB; times stand in the local offset they were noted in, because a grower
who worked at six in the morning must not read 22:00 of the day before.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from ledger.errors import Language

LOCALES: Final[dict[Language, str]] = {"zh": "zh_CN", "en": "en_GB"}

_LOCALES: Final = {language: Locale.parse(name) for language, name in LOCALES.items()}

CHINA_MINUTES: Final = 480
"""UTC+08:00, the offset of a time whose own was not noted down."""

_MOMENT: Final[dict[Language, str]] = {"zh": "y年M月d日 HH:mm", "en": "d MMM y, HH:mm"}
_MONTH: Final[dict[Language, str]] = {"zh": "y年M月", "en": "MMM y"}
_SHOWN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Formats:
    """The spellings of one language."""

    language: Language

    @property
    def locale(self) -> Locale:
        """Babel's rules for this language; found by name, they cost a millisecond each time."""
        return _LOCALES[self.language]

    def number(self, value: Decimal | float, decimals: int = 0) -> str:
        """Write a number with thousands separated.

        >>> Formats("en").number(41203)
        '41,203'
        """
        return str(format_decimal(value, _pattern(decimals), locale=self.locale))

    def index(self, value: Decimal | float) -> str:
        """Write an index level: always two decimals, half even (the display rule of a release)."""
        return self.number(value, 2)

    def change(self, percent: Decimal | float | None) -> str:
        """Write a change in per cent with its sign; a dash where there is nothing to compare with.

        >>> Formats("en").change(Decimal("-3.456"))
        '\N{MINUS SIGN}3.46 %'
        """
        if percent is None:
            return "–"
        rounded = self.number(abs(Decimal(str(percent))), 2) + " %"
        return {"up": "+", "down": "\N{MINUS SIGN}", "flat": ""}[direction(percent)] + rounded

    def points(self, points: Decimal | float) -> str:
        """Write index points of a change with their sign, two decimals.

        >>> Formats("en").points(Decimal("-1.204"))
        '\N{MINUS SIGN}1.20'
        """
        return self.change(points).removesuffix(" %")

    def share(self, fraction: Decimal | float) -> str:
        """Write a fraction of one as per cent with one decimal.

        >>> Formats("zh").share(0.125)
        '12.5 %'
        """
        return self.number(fraction * 100, 1) + " %"

    def yuan(self, fen: int | float) -> str:
        """Write an amount of fen in yuan.

        >>> Formats("zh").yuan(8550)
        '85.50'
        """
        return self.number(Decimal(str(fen)) / 100, 2)

    def day(self, day: date) -> str:
        """Write a calendar day.

        >>> Formats("zh").day(date(2024, 9, 3))
        '2024年9月3日'
        """
        return str(format_date(day, "long", locale=self.locale))

    def last_day(self, until_ms: int) -> str:
        """Write the last calendar day of what holds until `until_ms`, the midnight after it in China.

        >>> Formats("zh").last_day(1_725_292_800_000)
        '2024年9月2日'
        """
        return self.day(local(until_ms - 1).date())

    def month(self, day: date) -> str:
        """Write the month `day` falls in."""
        return str(format_date(day, _MONTH[self.language], locale=self.locale))

    def moment(self, epoch_ms: int, offset_minutes: int = CHINA_MINUTES) -> str:
        """Write a point in time in its own local offset, to the minute.

        >>> Formats("zh").moment(1_725_318_000_000)
        '2024年9月3日 07:00'
        """
        return str(
            format_datetime(local(epoch_ms, offset_minutes), _MOMENT[self.language], locale=self.locale)
        )


def local(epoch_ms: int, offset_minutes: int = CHINA_MINUTES) -> datetime:
    """Return a stored time as an aware datetime in its local offset."""
    moment = datetime.fromtimestamp(epoch_ms / 1000, UTC)
    return moment.astimezone(timezone(timedelta(minutes=offset_minutes)))


def direction(percent: Decimal | float | None) -> str:
    """Say whether a change, as it will be printed with two decimals, is up, down or flat.

    >>> direction(0.004), direction(-2.0)
    ('flat', 'down')
    """
    if percent is None or Decimal(str(percent)).quantize(_SHOWN, ROUND_HALF_EVEN) == 0:
        return "flat"
    return "up" if percent > 0 else "down"


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def moment_or_none(epoch_ms: int | None) -> datetime | None:
    """Return a time the service noted itself, in UTC, as answers say it; None where there is none.

    >>> moment_or_none(1_725_318_000_000), moment_or_none(None)
    (datetime.datetime(2024, 9, 2, 23, 0, tzinfo=datetime.timezone.utc), None)
    """
    return None if epoch_ms is None else local(epoch_ms, 0)
