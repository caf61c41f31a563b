"""Audits: a whole log replayed, wherever it is kept, and every fault named at its index."""
