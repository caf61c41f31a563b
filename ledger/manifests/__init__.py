"""Manifests: one signature for many statements."""
