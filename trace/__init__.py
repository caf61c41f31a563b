"""The herb's way from seed to use: lots, steps, rules, codes, and the story a scan tells.

Imports `ledger` and nothing else of ours. The name is also a standard library module's:
`api/__init__.py` says how ours is found first.
"""
