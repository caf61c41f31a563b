"""Every made table by the name its place in a page has, and the pages themselves."""

from collections.abc import Callable, Mapping
from typing import Final

from priceindex.method_pages import forecast_tables as forecasts
from priceindex.method_pages import formula_tables as formulas
from priceindex.method_pages import governance_tables as governance
from priceindex.method_pages import rule_tables as rules
from priceindex.method_pages import settings_tables as settings
from priceindex.method_pages import warning_tables as warnings

PAGES: Final = (
    "methodology.md",
    "methodology-settings.md",
    "methodology-intake.md",
    "methodology-formulas.md",
    "methodology-releases.md",
    "methodology-forecast-settings.md",
)
"""The pages under `docs/` that hold made tables."""
TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "families": settings.family_table,
    "parameters": settings.parameter_table,
    "shared-settings": settings.shared_table,
    "settings": settings.setting_table,
    "classes": rules.class_table,
    "units": rules.unit_table,
    "shapes": rules.shape_table,
    "headings": rules.heading_table,
    "trends": rules.trend_table,
    "feed-settings": rules.feed_setting_table,
    "screening": rules.screening_table,
    "reputation": rules.reputation_table,
    "outliers": rules.outlier_table,
    "imputation": rules.imputation_table,
    "counts": rules.count_table,
    "elementary": formulas.elementary_table,
    "bilateral": formulas.bilateral_table,
    "elasticity": formulas.elasticity_table,
    "fixed-baskets": formulas.fixed_basket_table,
    "laws": formulas.law_table,
    "formula-laws": formulas.formula_law_table,
    "conventions": formulas.convention_table,
    "norms": governance.norm_table,
    "certainties": governance.certainty_table,
    "compliance": governance.compliance_table,
    "checks": governance.check_table,
    "forecast-parameters": forecasts.forecast_parameter_table,
    "forecast-models": forecasts.forecast_model_table,
    "forecast-constants": forecasts.forecast_constant_table,
    "dropped-fits": forecasts.dropped_fit_table,
    "warning-rules": warnings.warning_rule_table,
    "warning-bounds": warnings.warning_bound_table,
    "warning-tuning": warnings.warning_tuning_table,
    "warning-life": warnings.warning_life_table,
    "warning-words": warnings.warning_word_table,
    "warning-steps": warnings.warning_step_table,
    "indicator-settings": warnings.indicator_setting_table,
}
