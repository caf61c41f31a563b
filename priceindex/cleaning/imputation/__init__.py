"""What stands in for a missing price, one rule a file."""
