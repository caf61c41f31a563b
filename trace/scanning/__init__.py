"""Scan protection: what the scans of a code add up to, and the PIN under its scratch layer."""
