"""Air: the sky, the clouds in it, and the mist before us."""
