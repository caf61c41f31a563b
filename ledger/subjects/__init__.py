"""The index over every subject's newest entry: proofs that nothing is missing."""
