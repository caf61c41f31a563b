"""Models fitted one series at a time by statsmodels, for composites and opened series."""
