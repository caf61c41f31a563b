"""Indicators 预警指标: one measure of abnormal prices in each file."""
