"""The formulas of price index theory: what each is, without database or files."""
