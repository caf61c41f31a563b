"""Corrections 更正: a step declared wrong, what stands in its place, and what follows from that."""
