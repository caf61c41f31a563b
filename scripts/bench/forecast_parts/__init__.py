"""The parts of `scripts/bench/forecast.py`: each measures one thing of forecasts or warnings."""
