"""The music room: short pieces that our own code composes and plays, and the quiet of a place."""
