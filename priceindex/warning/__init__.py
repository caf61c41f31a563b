"""Early warning 预警: indicators, thresholds, episodes, and what people decided about them."""
