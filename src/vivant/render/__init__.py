"""A rig and a performance become frames."""
