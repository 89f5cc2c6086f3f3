"""Feathers of our own: a pair of wings that unfolds from the back, and a white bird. Numbers only."""
