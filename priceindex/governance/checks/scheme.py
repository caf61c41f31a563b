"""Checks of the method's text, and of what every published value tells about itself."""

import tomllib
from typing import Final

from sqlmodel import Session

from priceindex.governance.checks.judged import Found, Judged, broken, kept
from priceindex.quotes import Tier

SECTIONS: Final = (
    "base",
    "basket",
    "cells",
    "weights",
    "chain",
    "values",
    "missing",
    "outliers",
    "minimum",
    "publication",
    "digits",
)
"""Sections a scheme states itself rather than leaving them to defaults."""


def scheme_complete(session: Session, judged: Judged) -> Found:  # noqa: ARG001  a check's signature
    """The family's text states every section of the compilation scheme."""
    told = tomllib.loads(judged.family.text.decode())
    missing = [section for section in SECTIONS if section not in told]
    if missing:
        named = ", ".join(missing)
        return broken(f"方法文本未写明：{named}", f"the method's text does not state: {named}")
    method = f"{judged.family.method_id} {judged.family.method_sha256[:12]}…"
    return kept(f"方法文本完整：{method}", f"the method's text is complete: {method}")


def tiers_stated(session: Session, judged: Judged) -> Found:  # noqa: ARG001  a check's signature
    """The tiers that may enter are in the order of the hierarchy, best first (IOSCO principle 8)."""
    tiers = [Tier(tier) for tier in judged.family.basket.tiers]
    ordered = sorted(tiers, key=lambda tier: tier.rank)
    named_zh, named_en = ("、".join(t.words("zh") for t in tiers), ", ".join(t.words("en") for t in tiers))
    if tiers != ordered:
        return broken(f"层级次序不符：{named_zh}", f"the tiers are not in the hierarchy's order: {named_en}")
    return kept(f"层级：{named_zh}", f"tiers: {named_en}")


def two_persons(session: Session, judged: Judged) -> Found:  # noqa: ARG001  a check's signature
    """Official releases need two persons; the text may ask it of every release."""
    if judged.family.publication.four_eyes == "always":
        return kept("每次发布均须两人", "every release needs two persons")
    return kept("正式发布须两人，试运行可一人", "official releases need two persons, trial ones one")
