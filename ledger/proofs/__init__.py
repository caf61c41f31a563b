"""Proofs handed out: receipts, evidence files, printed proofs."""
