"""Keys over time: which counts at which index, how they change and end, and the files that keep them."""
