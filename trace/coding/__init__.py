"""Trace codes as goods: ranges of serials, what became of each, nesting, PINs, labels."""
