"""What was published, when, on which inputs, and how anyone recomputes it."""
