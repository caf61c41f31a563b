"""Indicators of early warning: pure functions from series to scores that know no future."""
