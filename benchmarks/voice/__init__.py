"""Measurements of the voice: in time, alike, understood."""
