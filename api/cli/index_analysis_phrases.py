"""What `daodi index analysis` says, in Chinese and English under one key."""

from typing import Final

INDEX_ANALYSIS_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "help.index.analysis": (
        "用已登记的成交核对指数：CCDI、GK、WTPD，与发布值的差距，链式漂移",
        "hold an index against recorded trades: CCDI, GK, WTPD, the gap, chain drift",
    ),
    "option.window": ("窗口月数：25 或 13", "months of a window: 25 or 13"),
    "analysis.computing": ("核对成交", "summing up the trades"),
    "analysis.title": (
        "{family}：成交与指数，窗口 {window} 个月",
        "{family}: trades and index, window of {window} months",
    ),
    "analysis.drift": ("链式漂移（Fisher，{months} 个月）", "chain drift (Fisher, {months} months)"),
    "analysis.withheld": (
        "未计入：{count} 个报价单元（按月计）成交不足 {trades} 笔或 {sellers} 家，占成交额 {percent} %",
        "left out: {count} monthly cells below {trades} trades or {sellers} sellers, {percent} % of value",
    ),
    "analysis.ungraded": (
        "未计入：{count} 个报价单元（按月计）没有规格等级",
        "left out: {count} monthly cells without a grade",
    ),
    "analysis.digest": ("输入摘要 {digest}", "input digest {digest}"),
    "head.headline": ("发布值", "published"),
    "head.ccdi": ("CCDI", "CCDI"),
    "head.gk": ("GK", "GK"),
    "head.wtpd": ("WTPD", "WTPD"),
    "head.gap": ("差距", "gap"),
    "head.cells": ("报价单元", "cells"),
    "head.base_month": ("对比月", "against"),
    "head.chained": ("链式", "chained"),
    "head.direct": ("直接", "direct"),
    "head.geks": ("GEKS", "GEKS"),
    "head.drift": ("漂移", "drift"),
}
