"""Acts of whoever forecasts: a run from a family's newest release, made and committed at its own moment."""

from dataclasses import dataclass

from api.forecasting import make_forecast
from daodi_city.town import Town
from priceindex.forecast.method import ForecastFrequency


@dataclass(frozen=True, slots=True)
class Forecast:
    """A family is forecast from its newest release."""

    at_ms: int
    family: str
    frequency: ForecastFrequency
    fit: bool = False
    """Whether the fitted models are tried as well: slower, so that only the last runs do."""

    def do(self, town: Town) -> None:
        """Compute it, store it, commit to it."""
        make_forecast(town.station, self.family, self.frequency, fit=self.fit)
