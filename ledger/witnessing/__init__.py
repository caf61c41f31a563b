"""Witnesses: what they cosign, who is believed, and which checkpoint is therefore shown to the world."""
