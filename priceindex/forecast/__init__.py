"""Forecasts 预测 of published indices: committed before their targets, scored in public."""
