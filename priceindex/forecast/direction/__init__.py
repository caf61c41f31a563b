"""Direction 方向: whether a sticky price will rise, stay or fall."""
