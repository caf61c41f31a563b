"""Warnings as people handle them: opened, acknowledged, explained, closed with a reason."""
