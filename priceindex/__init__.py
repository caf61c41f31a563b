"""From quotes to published herb price indices that anyone can recompute.

Imports `ledger` and nothing else of ours.
"""
