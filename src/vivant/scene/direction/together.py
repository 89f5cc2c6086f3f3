"""*Embrace*: two people from two photographs come together, embrace, and part."""

from __future__ import annotations

from vivant.scene.direction.call import Direction

DIRECTIONS: dict[str, Direction] = {}
