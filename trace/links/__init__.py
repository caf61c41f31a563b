"""Codes beside ours: GS1 Digital Link, the CPC family, drug trace codes, and codes of other systems."""
