"""A lot's way as tables for spreadsheets: its lots, and where the goods made from it are."""

from collections.abc import Mapping
from typing import Final

from api.web.csv_body import csv_body
from ledger.errors import Language
from trace.lineages.lineage_table import HEADINGS, lineage_table
from trace.lineages.whereabouts import Whereabouts

HOLDERS: Final[Mapping[Language, tuple[str, ...]]] = {
    "zh": ("批次", "持有人", "持有人名称", "状态", "在途收货方", "包数", "克数", "其中来自所查批次(克)"),
    "en": ("lot", "holder", "holder name", "state", "in transit to", "packs", "grams", "grams attributed"),
}
_LOOSE: Final[Mapping[Language, str]] = {"zh": "散装", "en": "loose"}


def lineage_csv(way: Whereabouts, language: Language) -> bytes:
    """Return one line for each lot."""
    return csv_body(HEADINGS[language], lineage_table(way.graph, language))


def holders_csv(way: Whereabouts, language: Language) -> bytes:
    """Return one line for each lot, holder and state."""
    return csv_body(
        HOLDERS[language],
        (
            (
                each.lot,
                each.holder or None,
                way.holder_name(each.holder, language),
                each.status.words(language) if each.status else _LOOSE[language],
                each.in_transit_to,
                each.packs,
                each.grams,
                each.attributed_grams,
            )
            for each in way.placements
        ),
    )
