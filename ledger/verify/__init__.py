"""A verifier that stands alone: no database, no network, only hashlib and one Ed25519 implementation.

It shares no code with what writes the log, so that a fault in one shows against the other, and it imports
nothing from outside the standard library but pycryptodome. `python -m ledger.verify FILE` runs it.
"""
