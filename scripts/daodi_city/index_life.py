"""The life of the city's indices: what is collected, computed, published, corrected and declared, and when.

The Bozhou index is on trial for half a year and official from April, with two persons, an embargo and a
correction; the others are on trial, one of them published every week (`warned_life`). Everything declared
says that it is an example.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from daodi_city import sources, warned_life
from daodi_city.acts_index import (
    Approve,
    AssessYear,
    ComeDue,
    ComplainOfIndex,
    Declare,
    DeclareStanding,
    Release,
)
from daodi_city.acts_prices import PriceWeek, ReadBoard, ReadPage, RejectSlips, SendForm, SendList
from daodi_city.almanac import LAST_DAY, at_ms
from daodi_city.prices import PricePanel
from daodi_city.town import Act
from priceindex.feeds.traced_trades import SOURCE as TRADES
from priceindex.governance.declarations import DeclarationKind, DeclarationNew
from priceindex.governance.index_complaints import IndexComplaintCategory, IndexComplaintNew
from priceindex.quotes import Quote
from priceindex.releases.standing import Standing

OFFICIAL = "bozhou"
"""The family that becomes official."""
ON_TRIAL = ("anguo", "food-medicine", "common", "herbs-turnover")
TRIAL_ENDS = (
    date(2025, 9, 30), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31),
)  # fmt: skip
"""Last days of the Bozhou index's releases on trial, over half a year."""
DECLARED = date(2026, 4, 8)
"""The day from which it is official."""
EMBARGOED = date(2026, 4, 20)
"""The last day of its first official release, which waits for its moment."""
ASKED = (date(2026, 4, 15), date(2026, 4, 28))
"""When the collector asks."""
CORRECTION = (
    "示例：亳州商户 4 月 9 日的报价单把白芍两个规格的价格填反，现已更正"
    "（example: two grades of white peony had each other's price）"
)


def live_on(rng: np.random.Generator, panel: PricePanel) -> tuple[Act, ...]:
    """Return every act in the order of time."""
    acts: list[Act] = [
        *_collecting(rng, panel),
        *_official(),
        *_on_trial(),
        *_declaring(),
        *warned_life.foresee((*TRIAL_ENDS, EMBARGOED), panel.herbs),
    ]
    return tuple(sorted(acts, key=lambda act: act.at_ms))


def _collecting(rng: np.random.Generator, panel: PricePanel) -> Iterator[Act]:
    yield from (
        ReadBoard(board, panel) for board in sources.boards((*warned_life.fridays(panel.herbs), EMBARGOED))
    )
    yield from (SendList(sent) for sent in sources.dealers_lists(rng, panel))
    yield from (ReadPage(page) for page in sources.web_pages(panel))
    yield from (SendForm(at_ms(day, 11), _asked(panel, day)) for day in ASKED)
    yield RejectSlips(at_ms(sources.SLIPPED + timedelta(1), 10), 2)
    monday = sources.DEALERS_FROM - timedelta(sources.DEALERS_FROM.weekday())
    while (sunday := monday + timedelta(6)) < LAST_DAY:
        year, week, _ = monday.isocalendar()
        yield PriceWeek(at_ms(sunday + timedelta(1), 9), f"{year}-W{week:02d}")
        monday = sunday + timedelta(1)


def _asked(panel: PricePanel, day: date) -> tuple[Quote, ...]:
    """What the collector is told on a day: the board's price of the first herbs of the market."""
    board = sources.Board((day,)).quotes(panel)
    return tuple(quote for quote in board if quote.market == sources.MARKET)[:6]


def _official() -> Iterator[Act]:
    """On trial month by month, then official: at once, under embargo, and corrected."""
    for end in TRIAL_ENDS:
        yield Release(at_ms(end, 17), OFFICIAL, end)
    yield AssessYear(at_ms(date(2026, 3, 20), 10), 2025)
    yield DeclareStanding(
        at_ms(DECLARED, 9), OFFICIAL, Standing.OFFICIAL, "示例：试运行满六个月，合规审查通过"
    )
    yield Release(at_ms(EMBARGOED, 16, 5), OFFICIAL, EMBARGOED)
    yield Approve(at_ms(EMBARGOED, 16, 15), OFFICIAL)
    yield ComeDue(at_ms(EMBARGOED, 16, 30))
    yield Release(at_ms(LAST_DAY, 18), OFFICIAL, LAST_DAY, CORRECTION)
    yield Approve(at_ms(LAST_DAY, 18, 20), OFFICIAL)


def _on_trial() -> Iterator[Act]:
    for place, family in enumerate(ON_TRIAL):
        yield Release(at_ms(LAST_DAY, 17, 30 + place), family, LAST_DAY)


def _declaring() -> Iterator[Act]:
    said = at_ms(date(2026, 3, 16), 10)
    for name, words in (
        (sources.BOARD, "示例：各市场价格牌，每日收市后抄录，元/公斤。"),
        (sources.DEALERS, "示例：亳州商户每周四发来报价单，CSV 文件。"),
        (sources.WEB, "示例：网页报价，每十日读取一次，只在无市场报价时采用。"),
        (sources.COLLECTORS, "示例：采集员到摊位询价，签名上报。"),
        (TRADES, "示例：账本中的成交按周汇总，三笔以上、两家以上才成一价。"),
    ):
        yield Declare(said, _declaration(DeclarationKind.SUBMITTER, words, subject=name))
    yield Declare(said, _declaration(
        DeclarationKind.INDEPENDENCE, "示例：编制主体不买卖中药材，与各市场经营者无股权关系。"))  # fmt: skip
    yield Declare(said, _declaration(
        DeclarationKind.REVIEW, "示例：内控人员审阅了方法文本、报价登记与隔离台记录。"))  # fmt: skip
    yield Declare(said, _declaration(
        DeclarationKind.COVERAGE, "示例：亳州市场所收录品种占其登记成交额的六成二。",
        subject=OFFICIAL, share_bp=6_200))  # fmt: skip
    yield Declare(
        said,
        _declaration(DeclarationKind.CONFLICT, "示例：一名编制人员的亲属在亳州经营白芍。", subject=OFFICIAL),
        end_reason="示例：该人员已调离编制岗位",
    )
    filed = date(2026, 4, 13)
    yield ComplainOfIndex(
        at_ms(filed, 10),
        at_ms(filed + timedelta(3), 15),
        IndexComplaintNew(
            category=IndexComplaintCategory.VALUE,
            subject=OFFICIAL,
            words="示例：白芍两个规格 4 月 9 日的报价看起来填反了。",
        ),
        "示例：属实，已请商户更正，更正后的数值随 4 月 30 日的发布公布。",
    )


def _declaration(
    kind: DeclarationKind, words: str, *, subject: str = "*", share_bp: int | None = None
) -> DeclarationNew:
    """A declaration that holds for the year from the middle of March."""
    return DeclarationNew(
        kind=kind,
        subject=subject,
        words=words,
        share_bp=share_bp,
        valid_from=date(2026, 3, 16),
        valid_until=date(2027, 3, 15),
    )
