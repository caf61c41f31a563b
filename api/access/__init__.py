"""Who wrote what and who read what is private: a table that only grows, its digests in the log."""
