"""What is looked at again before it counts, and what stands in for a price that is not there."""
