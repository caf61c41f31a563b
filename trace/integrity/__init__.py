"""诚信: how far a party's word and work can be relied on, by a published formula; and what follows."""
