"""Multilateral indices over many periods at once: the analytical tier beside the chained headline."""
