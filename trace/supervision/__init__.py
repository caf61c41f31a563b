"""Supervision: how much of the trade is recorded, how well, and where somebody should look."""
