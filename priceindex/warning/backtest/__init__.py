"""How well thresholds would have warned: events, false alarms, tuning to a budget."""
