"""*Welcome*: joy over a birth or a wedding, with the family's pictures alive."""

from __future__ import annotations

from vivant.scene.direction.call import Direction

DIRECTIONS: dict[str, Direction] = {}
