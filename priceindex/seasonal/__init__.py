"""Indices for herbs that are sold fresh, at harvest only, or with a season in their price."""
