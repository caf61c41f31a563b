"""Running sums of readings, exact: of whole millionths, rounded once, at the end."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

MILLIONTHS: Final = 1_000_000
_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
_DIGITS: Final = Decimal("0.0001")


class Sums:
    """Least, most, count, and the sums that mean and spread follow from."""

    __slots__ = ("count", "highest", "lowest", "squares", "total")

    def __init__(self) -> None:
        """Begin with no reading."""
        self.count = self.total = self.squares = self.lowest = self.highest = 0

    def add(self, value: int) -> None:
        """Count one reading, in millionths of its unit."""
        self.lowest = value if not self.count else min(self.lowest, value)
        self.highest = value if not self.count else max(self.highest, value)
        self.count += 1
        self.total += value
        self.squares += value * value

    def join(self, other: "Sums") -> None:
        """Count the readings of another (not empty) one too."""
        self.lowest = other.lowest if not self.count else min(self.lowest, other.lowest)
        self.highest = other.highest if not self.count else max(self.highest, other.highest)
        self.count += other.count
        self.total += other.total
        self.squares += other.squares

    @property
    def least(self) -> str:
        """Lowest value, exact."""
        return _plain(Decimal(self.lowest).scaleb(-6, context=_EXACT))

    @property
    def most(self) -> str:
        """Highest value, exact."""
        return _plain(Decimal(self.highest).scaleb(-6, context=_EXACT))

    @property
    def mean(self) -> str:
        """Arithmetic mean to four decimals, half to even."""
        return self._share(Decimal(self.total))

    @property
    def sdev(self) -> str:
        """Standard deviation over all readings (divided by their count), to four decimals."""
        spread = Decimal(self.count * self.squares - self.total * self.total)
        return self._share(_EXACT.sqrt(spread))

    def _share(self, millionths: Decimal) -> str:
        exact = _EXACT.divide(millionths, Decimal(self.count * MILLIONTHS))
        return _plain(exact.quantize(_DIGITS, context=_EXACT))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
