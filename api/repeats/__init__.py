"""Requests that are sent again under the same `Idempotency-Key`: done once, answered alike."""
