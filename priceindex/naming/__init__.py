"""Names as sources write them, and what people decided them to mean."""
