"""The analytical tier: multilateral indices of recorded trades, held against the headline index."""
