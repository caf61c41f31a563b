"""Checks of one computation: whether enough quotes stand behind it, and whether each value says so."""

from typing import Final

from sqlmodel import Session

from priceindex.classification import COMPOSITE, Level
from priceindex.governance.checks.judged import Found, Judged, broken, kept

_MINIMA_ZH: Final = {"cells": "报价单元", "herbs": "药材", "markets": "市场", "sources": "来源"}
OF_A_RUN: Final = frozenset({"enough_inputs", "disclosure_complete", "submitters_registered"})
"""Checks that need a computation to look at."""


def enough_inputs(session: Session, judged: Judged) -> Found:  # noqa: ARG001  a check's signature
    """The last composite rests on the least the text asks for, and not too much of it is imputed."""
    run = judged.run
    if run is None:
        return broken("没有可核对的计算", "there is no computation to look at")
    last = run.series(Level.COMPOSITE, COMPOSITE).last
    lacking = next((one for one in run.withheld if (one.frequency, one.day) == ("day", last.day)), None)
    if lacking is None:
        return kept(
            f"报价单元 {last.quoted + last.carried} 个、市场 {last.markets} 个、来源 {last.sources} 个，"
            f"推算比重 {last.imputed_bp / 100:.1f} %",
            f"{last.quoted + last.carried} cells, {last.markets} markets, {last.sources} sources, "
            f"{last.imputed_bp / 100:.1f} % imputed",
        )
    if lacking.code == "imputed":
        share, most = lacking.found / 100, lacking.needed / 100
        return broken(
            f"推算比重 {share:.1f} %，不得超过 {most:.0f} %",
            f"{share:.1f} % is imputed, at most {most:.0f} % may be",
        )
    return broken(
        f"{_MINIMA_ZH[lacking.code]} {lacking.found} 个，应不少于 {lacking.needed} 个",
        f"{lacking.found} {lacking.code}, at least {lacking.needed} are needed",
    )


def disclosure_complete(session: Session, judged: Judged) -> Found:  # noqa: ARG001  a check's signature
    """The last composite tells its quotes, markets, grades, sources, tiers, and shares imputed and stale."""
    run = judged.run
    if run is None:
        return broken("没有可核对的计算", "there is no computation to look at")
    last = run.series(Level.COMPOSITE, COMPOSITE).last
    tiers_bp = last.trade_bp + last.market_bp + last.web_bp + last.judgement_bp
    whole_bp = 10_000 - last.imputed_bp
    if not (last.quotes and last.markets and last.grades and last.sources):
        return broken("最新数值缺少来源计数", "the newest value does not count what it rests on")
    if abs(tiers_bp - whole_bp) > len(("trade", "market", "web", "judgement")):
        return broken(
            f"来源层级合计 {tiers_bp / 100:.2f} %，应为 {whole_bp / 100:.2f} %",
            f"the tiers add up to {tiers_bp / 100:.2f} %, and should to {whole_bp / 100:.2f} %",
        )
    return kept(
        f"报价 {last.quotes} 条、市场 {last.markets} 个、规格 {last.grades} 个、来源 {last.sources} 个",
        f"{last.quotes} quotes, {last.markets} markets, {last.grades} grades, {last.sources} sources",
    )
