"""*Side by side*: one person at two ages, a hand on the shoulder."""

from __future__ import annotations

from vivant.scene.direction.call import Direction

DIRECTIONS: dict[str, Direction] = {}
