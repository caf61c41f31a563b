"""Taking quotes in: screening, names, and the desk where people decide."""
