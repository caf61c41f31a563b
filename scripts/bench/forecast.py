"""The figures of forecasts and warnings in one table, each beside its target and a baseline of the same run.

Run it as `python scripts/bench/forecast.py [--quick] [--only PART ...]`.
"""

import sys
from pathlib import Path

# The repository comes before an installed package of the same name.
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import forecast_parts
from figures.table import run

if __name__ == "__main__":
    sys.exit(run(forecast_parts, (__doc__ or "").partition("\n")[0]))
