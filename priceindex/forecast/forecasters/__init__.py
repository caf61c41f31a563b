"""Forecasters for all series at once: arrays in, arrays out, no fit that can fail."""
