"""Evidence: what was stated, by whom, in which order, and how a stranger checks it.

Knows nothing of herbs, prices, HTTP or Redis. See docs/ledger-format.md for every byte.
"""
