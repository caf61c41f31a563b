"""Why quotes stayed out of a computation, counted by reason, for whoever reads the index."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from priceindex.engine.inputs import LeftOut
from priceindex.intake.rules.registry import RULES

UNCLASSIFIED: Final = "unclassified"
"""Rule code of quotes left out because nobody gave their herb a class."""
WITHHELD: Final = "withheld"
"""Rule code of quotes that no rule met and a person kept out."""
FEW_TRADES: Final = "few-trades"
"""Rule code of prices of recorded trades that rest on fewer trades than the family's text asks for."""
TRADES_WITHDRAWN: Final = "trades-withdrawn"
"""Rule code of a price of trades that the trades on record make no more."""
_WORDS: Final = {
    UNCLASSIFIED: ("药材没有分类", "the herb has no class"),
    WITHHELD: ("由人工剔除", "kept out by a person"),
    FEW_TRADES: ("成交笔数少于办法规定的下限", "fewer trades than the method asks for"),
    TRADES_WITHDRAWN: ("成交记录已不再支持该价格", "the trades on record make this price no more"),
    **{code: (rule.zh, rule.en) for code, rule in RULES.items()},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """The quotes that one reason kept out."""

    rule: str
    """Code of the rule, or several joined by spaces."""
    quotes: int
    herbs: tuple[str, ...]
    """Herbs of those quotes, sorted."""

    def words(self, language: str) -> str:
        """Tell the reason to people.

        >>> Exclusion(rule="unclassified", quotes=2, herbs=("无谷虫",)).words("zh")
        '药材没有分类'
        """
        told = [_WORDS.get(code, (code, code)) for code in self.rule.split()]
        return "；".join(zh for zh, _ in told) if language == "zh" else "; ".join(en for _, en in told)


def exclusions(left_out: Iterable[LeftOut]) -> tuple[Exclusion, ...]:
    """Count quotes left out by their reason, the commonest first."""
    grouped: defaultdict[str, list[LeftOut]] = defaultdict(list)
    for out in left_out:
        grouped[" ".join(out.rules)].append(out)
    found = [
        Exclusion(rule=rule, quotes=len(outs), herbs=tuple(sorted({out.cell.herb for out in outs})))
        for rule, outs in grouped.items()
    ]
    return tuple(sorted(found, key=lambda exclusion: (-exclusion.quotes, exclusion.rule)))
