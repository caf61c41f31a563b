"""How far a source may be trusted, by what it delivered."""
