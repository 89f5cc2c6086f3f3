"""*Our pet*: an animal breathes, blinks and tilts its head, alone or with its person."""

from __future__ import annotations

from vivant.scene.direction.call import Direction

DIRECTIONS: dict[str, Direction] = {}
