"""The program the methodology prints computes the track record from the CSV alone, and finds the same."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.routes.track_answers import track_csv
from priceindex.classification import Level
from priceindex.forecast.method import forecast_method
from priceindex.forecast.track.track_record import record_of
from priceindex.forecast.track.track_steps import track_steps
from tests.priceindex.forecast.track.run_makers import (
    LATER_MS,
    MADE_MS,
    begun,
    gone_on,
    node,
    origin_of,
    run_of,
    stored,
)
from tests.priceindex.small_market import SmallMarket

PAGE = Path(__file__).resolve().parents[4] / "docs" / "methodology-forecast.md"


def test_the_printed_program_gives_the_relative_errors_of_the_record(
    market: SmallMarket, tmp_path: Path
) -> None:
    release = begun(market)
    origin = origin_of(release)
    composite = node(origin, [1010.0, 1030.0, 1060.0], half_width=5.0)
    herb = node(origin, [1000.0] * 3, level=Level.HERB, name="白芍", skill="not_shown", half_width=60.0)
    stored(market, run_of(release, [composite, herb]), MADE_MS)
    gone_on(market)
    with market.read() as session:
        steps = track_steps(session, "bozhou", "week", as_of_ms=LATER_MS)
    (tmp_path / "record.csv").write_bytes(track_csv(steps))
    program = PAGE.read_text("utf-8").split("```python\n")[1].split("```")[0]
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    found = [line.split() for line in told.stdout.splitlines()]
    record = record_of(steps, "bozhou", "week", forecast_method(), "newest")
    assert [(level, int(step), int(n)) for level, step, n, _ in found] == [
        (str(line.level), line.step, line.errors) for line in record.lines
    ]
    for (*_, ratio), line in zip(found, record.lines, strict=True):
        assert float(ratio) == pytest.approx(line.relative_mae.figure, abs=1e-4)
