"""How good forecasts are: measures, rolling origins, tests, and the gate before publication."""
