"""Timestamps of checkpoints by an outside authority (RFC 3161): asked for, kept, checked."""
