"""The way in: the gate, the outbox, the one who gives indices and signs."""
