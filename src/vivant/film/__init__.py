"""Frames and sound become one signed file, and any film can be measured and verified."""
