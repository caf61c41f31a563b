"""What published standards say of herbs: 炮制 methods, grades, storage, yields, seasons, protection.

Every fact stands in `trace/facts`, with where it comes from and how sure it is (`Sureness`).
"""
