"""Draws triangles on a plain CPU: shaded per point, four samples per pixel, blurred by the shutter."""
