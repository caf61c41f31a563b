"""Breaks the ledger on purpose and looks at what is left: kills, failing calls, lost power, repeats.

Every trial runs the real station in a process of its own, breaks it, starts it again and has `judge` say
what was lost. `scripts/campaign` runs them; tests/crash runs small seeded versions.
"""
