"""How published values leave the service: as tables, files, feeds and bulletins."""
