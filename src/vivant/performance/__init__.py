"""A speech, or another face, becomes curves that move a rig."""
