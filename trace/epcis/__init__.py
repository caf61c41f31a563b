"""EPCIS 2.0, the event model of everything `trace` records: vocabularies, models, reading, rules.

JSON only. What a partner sends and the standard allows is kept and given back whole, extensions and all.
"""
