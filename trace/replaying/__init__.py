"""From what was said back to what it did: reading logged steps, applying them, building the tables again."""
