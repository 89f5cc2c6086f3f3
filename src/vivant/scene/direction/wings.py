"""*Wings*: they unfold from the back, light grows, a white bird rises."""

from __future__ import annotations

from vivant.scene.direction.call import Direction

DIRECTIONS: dict[str, Direction] = {}
