"""Reconciliation 协调: forecasts of the tree's nodes made to agree with one another."""
