"""Accounts of persons 账号: who may sign in, with what, and for what."""
