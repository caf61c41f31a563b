"""Keeping a change of quality from passing for a change of price."""
