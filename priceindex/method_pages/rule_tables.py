"""The tables of rules for prices: units, shapes, screening, outliers, imputation, reputation, counts."""

from types import ModuleType
from typing import Final, get_args

from priceindex.classification import CLASSES
from priceindex.cleaning import fences, fixed_bounds, hidiroglou_berthelot, quartile_method, robust_z, tukey
from priceindex.cleaning.imputation import carry_forward, class_mean, parental
from priceindex.cleaning.imputation.standing_in import ImputationRule
from priceindex.cleaning.outlier_rules import OUTLIER_RULES
from priceindex.feeds.columns import HEADINGS
from priceindex.feeds.feed_settings import FeedSettings
from priceindex.feeds.shapes import SHAPE_WORDS
from priceindex.feeds.trend_table import TRENDS
from priceindex.feeds.wording import UNITS
from priceindex.intake.rules.registry import RULES
from priceindex.method_pages.markdown import code, table
from priceindex.method_pages.meanings import meanings
from priceindex.releases.series import COUNTS, Point
from priceindex.reputation.measures import Measure

_OUTLIERS: Final[dict[str, tuple[str, str, ModuleType | None]]] = {
    "none": ("never", "", None),
    "quartile": ("x − q₂ > c·max(q₃ − q₂, a) or q₂ − x > c·max(q₂ − q₁, a)", "ln", quartile_method),
    "resistant_fences": ("x outside [q₁ − c·s, q₃ + c·s], s = max(q₃ − q₁, a)", "ln", fences),
    "kimber": ("x outside [q₁ − c·max(q₂ − q₁, a), q₃ + c·max(q₃ − q₂, a)]", "ln", fences),
    "robust_z": ("abs(x − q₂) > c·max(1.4826·MAD, a)", "ln", robust_z),
    "tukey": ("outside the 5 % tails, or over c mean distances of its side from the moved", "ln", tukey),
    "fixed_bounds": ("x outside [1/c, c]", "plain", fixed_bounds),
    "hidiroglou_berthelot": ("the quartile rule on e = z·(m/median m)^u", "plain", hidiroglou_berthelot),
}
"""Rule -> when it marks x, on which scale, and the module that says it in full."""
_IMPUTATION: Final = {"parental": parental, "class_mean": class_mean, "carry_forward": carry_forward}
_MEASURED: Final = {
    Measure.TIMELY: "recorded within two days of its day",
    Measure.COMPLETE: "priced in a week, of the cells the source prices at all",
    Measure.AGREEING: "within max(3·1.4826·MAD, 0.05) in ln of the median of the other sources of the cell"
    " within seven days, where two at least told it",
    Measure.UNREVISED: "never changed by the source itself",
    Measure.SOUND: "usable; rows refused count against it",
    Measure.TRADED: "within 0.15 in ln of the median traded price of the cell within seven days",
}

_COUNTED: Final = {
    "down": "Cells cheaper than in the period before.",
    "flat": "Cells at the price of the period before.",
    "markets": "Markets with a quote that counts in that very period.",
    "grades": "Grades with a quote of that very period.",
    "sources": "Sources with a quote that counts in that very period.",
    "market_bp": "Share of the weight priced by market quotes, in basis points.",
    "web_bp": "Share of the weight priced by web quotes, in basis points.",
    "judgement_bp": "Share of the weight priced by judgement, in basis points.",
}
"""What the counts mean whose words do not stand beside them."""


def unit_table() -> str:
    """The units of prices: how many yuan per kilogram one yuan of each is."""
    rows = [[unit, str(factor)] for unit, factor in UNITS.items()]
    return table(["unit", "yuan per kilogram in one"], rows)


def shape_table() -> str:
    """The shapes quotes arrive in."""
    rows = [[code(key), f"{zh} {en}"] for key, (zh, en) in SHAPE_WORDS.items()]
    return table(["shape", "is"], rows)


def heading_table() -> str:
    """The headings of a table by the part of a quote they are."""
    return table(["part", "headings"], [[code(part), "、".join(named)] for part, named in HEADINGS.items()])


def trend_table() -> str:
    """The words of the column 走势."""
    return table(["走势", "means"], [[word, meaning] for word, meaning in TRENDS.items()])


def feed_setting_table() -> str:
    """What a feed's setting says of the rows its bodies leave unsaid."""
    rows = [
        [code(name), str(field.default if field.default is not None else "—") or "—", field.description or ""]
        for name, field in FeedSettings.model_fields.items()
    ]
    return table(["setting", "default", "says"], rows)


def screening_table() -> str:
    """Every rule a quote can meet."""
    rows = [[code(each.code), each.status.value, f"{each.zh}<br>{each.en}"] for each in RULES.values()]
    return table(["rule", "makes the quote", "looks like"], rows)


def outlier_table() -> str:
    """Every rule a text may name for relatives; raises KeyError for one nobody described."""
    rows = []
    for rule in OUTLIER_RULES:
        marked, scale, where = _OUTLIERS[rule]
        file = f"cleaning/{where.__name__.rpartition('.')[2]}.py" if where else ""
        rows.append([code(rule), marked, scale, code(file)])
    return table(["`outliers.rule`", "marks x when", "scale", "file"], rows)


def imputation_table() -> str:
    """Every rule of imputation a text may name."""
    rows = []
    for rule in get_args(ImputationRule):
        first, _, rest = (_IMPUTATION[rule].__doc__ or "").partition("\n\n")
        source = " ".join(rest.split("\n\n")[0].split())
        rows.append([code(rule), first, source])
    return table(["`missing.imputation`", "a missing price", "more"], rows)


def reputation_table() -> str:
    """What a source is measured by."""
    rows = [[code(each), f"{each.words('zh')} {each.words('en')}", _MEASURED[each]] for each in Measure]
    return table(["measure", "name", "a trial goes well when the quote is"], rows)


def count_table() -> str:
    """What is told of every published value, in the order of the digest."""
    told = {**_COUNTED, **meanings(Point)}
    return table(["count", "means"], [[code(name), told[name]] for name in COUNTS])


def class_table() -> str:
    """The twelve classes."""
    return table(["key", "class"], [[code(key), f"{zh} {en}"] for key, (zh, en) in CLASSES.items()])
