"""Forecasts as stored, committed and scored: the track record 预测档案."""
