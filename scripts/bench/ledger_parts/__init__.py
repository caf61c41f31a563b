"""The parts of the ledger's table of figures; `scripts/bench/ledger.py` runs them and prints it."""
