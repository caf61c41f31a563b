"""Money other than ours: dated exchange rates, and prices turned into fen by them."""
