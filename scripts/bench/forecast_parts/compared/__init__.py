"""Other people's forecasting packages, run in an environment of their own beside ours."""
