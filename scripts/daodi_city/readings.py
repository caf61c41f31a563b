"""Readings of a store's thermometer, made up by the half hour, and what they sum up to."""

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from daodi_city.pen import CHINA
from trace.sensors.raw_series import summary_of_file
from trace.sensors.sensing import Quantity, SensorNew

_EVERY_MINUTES = 30
_A_DAY = 24 * 60 // _EVERY_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One file of readings."""

    body: bytes
    """CSV with the columns time and value."""
    quantity: Quantity

    def summed_up(self, device: str, sha256: str) -> SensorNew:
        """Return what a step says of the readings, with the hash of the file they stand in."""
        found = summary_of_file(io.BytesIO(self.body), "text/csv", self.quantity)
        return SensorNew(
            quantity=self.quantity,
            start=datetime.fromtimestamp(found.start_ms / 1000, CHINA),
            end=datetime.fromtimestamp(found.end_ms / 1000, CHINA),
            least=found.least,
            most=found.most,
            mean=found.mean,
            sdev=found.sdev,
            count=found.count,
            device=device,
            document=sha256,
        )


def thermometer(rng: np.random.Generator, first: date, days: int, warm: range) -> Readings:
    """Return temperatures around 17 ℃; on the days in `warm`, counted from 0, the cooling has failed."""
    lines = ["time,value"]
    start = datetime.combine(first, time(), CHINA)
    for place in range(days * _A_DAY):
        hour = place % _A_DAY / 2
        level = 17.0 + 1.2 * float(np.sin((hour - 9) / 24 * 2 * np.pi)) + float(rng.normal(0, 0.15))
        if place // _A_DAY in warm:
            level += 7.5
        moment = start + timedelta(minutes=_EVERY_MINUTES * place)
        lines.append(f"{moment.isoformat(timespec='minutes')},{level:.1f}")
    return Readings(body=("\n".join(lines) + "\n").encode(), quantity=Quantity.TEMPERATURE)
