"""Holds 冻结 and recalls 召回: goods are stopped at once, found, taken back, and what came of it is shown."""
