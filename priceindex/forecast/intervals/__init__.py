"""Intervals 区间: how wide a forecast must be to hold as often as it says."""
