"""The five bands of 黑色预警: the colours by which readers in China know how far a price has moved.

Red, orange and yellow for rises, blue and purple for falls, none in between. 黑色预警法 is the trade's name
for warning by bands of a series' own rate of change, and papers on herbs divide it into light and heavy
warnings (轻警, 重警) on either side: seen, in the abstract of a paper on 祁菊 2014–2020. The colours and how
our states stand for them are daodi's own.
"""

from enum import IntEnum

from priceindex.warning.hysteresis import State


class Band(IntEnum):
    """One band; positive for rises, the farther from 0 the worse."""

    PURPLE = -2
    BLUE = -1
    NONE = 0
    YELLOW = 1
    ORANGE = 2
    RED = 3

    @property
    def zh(self) -> str:
        """Its Chinese name.

        >>> Band.RED.zh, Band.NONE.zh
        ('红色预警', '无警')
        """
        colour = {-2: "紫", -1: "蓝", 1: "黄", 2: "橙", 3: "红"}.get(int(self))
        return "无警" if colour is None else f"{colour}色预警"

    @property
    def word(self) -> str:
        """Its name in stored texts and in English.

        >>> Band.ORANGE.word
        'orange'
        """
        return self.name.lower()


def band_of(state: State, *, falling: bool) -> Band:
    """The band of a state: watch, alert, crisis are yellow, orange, red; blue, blue, purple for a fall.

    >>> band_of(State.ALERT, falling=False), band_of(State.CRISIS, falling=True)
    (<Band.ORANGE: 2>, <Band.PURPLE: -2>)
    """
    if state == State.NORMAL:
        return Band.NONE
    if falling:
        return Band.PURPLE if state == State.CRISIS else Band.BLUE
    return Band(int(state))
