"""A likeness becomes a rig: layers, meshes and shapes, ready to move."""
