"""How figures are measured, held against a baseline and printed: shared by the benchmark programs."""
