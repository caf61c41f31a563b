"""The tree's hashes: tiles in memory, in rows, as files."""
