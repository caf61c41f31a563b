"""CCDI, Geary-Khamis and weighted time product dummy of the same trades, spliced and never revised."""

from dataclasses import dataclass

from priceindex.analysis.settings import AnalysisSettings
from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import CodedPanel
from priceindex.multilateral.geary_khamis import geary_khamis
from priceindex.multilateral.pairwise import links
from priceindex.multilateral.splices import spliced
from priceindex.multilateral.time_product_dummy import time_product_dummy
from priceindex.multilateral.windows import LevelsOf, of_links, of_panel, rolling


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossChecks:
    """Three indices over the same months, each beginning with 1."""

    ccdi: Floats
    gk: Floats
    wtpd: Floats


def cross_checks(panel: CodedPanel, settings: AnalysisSettings) -> CrossChecks:
    """Return the three series; a history shorter than the window is one window.

    Raises `NotLinked` where a month of a window shares no cell with the others, and `NotConverged`.
    """
    compared = links(panel, settings.formula, settings.shares)
    return CrossChecks(
        ccdi=_series(of_links(compared, settings.link_weights), panel, settings),
        gk=_series(
            of_panel(
                panel,
                lambda window: geary_khamis(
                    window, sample=settings.gk_sample, tolerance=settings.gk_tolerance
                ),
            ),
            panel,
            settings,
        ),
        wtpd=_series(
            of_panel(
                panel,
                lambda window: time_product_dummy(
                    window, sample=settings.wtpd_sample, weighting=settings.wtpd_weighting
                ),
            ),
            panel,
            settings,
        ),
    )


def _series(levels_of: LevelsOf, panel: CodedPanel, settings: AnalysisSettings) -> Floats:
    periods = len(panel.periods)
    windows = rolling(levels_of, periods, min(settings.window, periods))
    return spliced(windows, settings.splice, settings.spliced_on, settings.half)
